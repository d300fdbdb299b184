import { headerNames } from '@kafka-etl/kafka'

/**
 * What the producer's headers say of a record: that it is log `index` of the stream with this seed, and that all logs
 * below `confirmed` stood in their topics before it was sent.
 */
export type LogPosition = { readonly index: number; readonly confirmed: number }

/** `log`: `<seed>/<index>`. `confirmed`: a count of logs. */
export const formatLogHeaders = (seed: number, { index, confirmed }: LogPosition): Record<string, string> => ({
  log: `${seed}/${index}`,
  confirmed: String(confirmed),
})

/** Header values as KafkaJS hands them over. */
export type HeaderValues = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>

/**
 * The reverse of {@link formatLogHeaders}; undefined for a record of anyone else, another seed's included. A replayed
 * record has the headers of the log that it was, but it does not stand where that log was sent to.
 */
export const parseLogHeaders = (seed: number, headers: HeaderValues | undefined): LogPosition | undefined => {
  if (headers?.[headerNames.replayOf] !== undefined) return undefined
  const [, ofSeed, index] = /^(\d{1,10})\/(\d{1,16})$/.exec(textOf(headers?.log)) ?? []
  const confirmed = /^\d{1,16}$/.exec(textOf(headers?.confirmed))?.[0]
  if (index === undefined || confirmed === undefined || Number(ofSeed) !== seed) return undefined
  return { index: Number(index), confirmed: Number(confirmed) }
}

const textOf = (value: HeaderValues[string]): string =>
  typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('latin1') : ''
