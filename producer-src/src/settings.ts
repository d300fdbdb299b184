import { parsers, type SettingsOf, type CommonSettings } from '@kafka-etl/common'

/** The producer's own settings; the common ones are added by `runService`. */
export const producerSettings = {
  rate: {
    name: 'PRODUCER_RATE',
    parse: parsers.decimal({ min: 0, max: 1_000_000 }),
    default: '1',
    doc: 'logs a second; 0: as fast as it goes',
  },
  count: {
    name: 'PRODUCER_COUNT',
    parse: parsers.integer({ min: 0 }),
    default: '100',
    doc: 'logs in all, then it ends with exit 0; 0: endless',
  },
  seed: {
    name: 'PRODUCER_SEED',
    parse: parsers.integer({ min: 0, max: 4_294_967_295 }),
    default: '0',
    doc: 'of the random choice of zone',
  },
  stallSeconds: {
    name: 'PRODUCER_STALL_SECONDS',
    parse: parsers.integer({ min: 1, max: 86_400 }),
    default: '120',
    doc: 'how long one send may be tried again before the producer gives up with exit code 1',
  },
} as const

export type ProducerSettings = SettingsOf<typeof producerSettings> & CommonSettings
