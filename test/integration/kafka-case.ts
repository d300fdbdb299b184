import { createSystemClock } from '../../common-src/src/time/clock.js'
import { createLogger } from '../../common-src/src/log/logger.js'
import { commonSettings } from '../../common-src/src/settings/common-settings.js'
import { loadSettings } from '../../common-src/src/settings/settings.js'
import { createMemoryStream } from '../../common-src/test/memory-stream.js'
import {
  createKafka,
  createRunBuilder,
  type Delivery,
  type Kafka,
  type PartitionWrite,
  type RecordSource,
  type SourceOptions,
} from '@kafka-etl/kafka'

/** Creates Kafka as a service does. */
export const openKafka = (bootstrap: string, clientId = 'contract'): Kafka => {
  const loaded = loadSettings(commonSettings, { KAFKA_BROKERS: bootstrap }, { prefixes: [], knownNames: [] })
  if (!loaded.ok) throw new Error(loaded.faults.join('; '))
  const { settings } = loaded
  const logger = createLogger({ name: clientId, settings, stream: createMemoryStream() })
  return createKafka({ clientId, settings, logger, clock: createSystemClock() })
}

/** Records with these values, encoded for one partition. */
export const encodeWrite = (topic: string, partition: number, values: readonly string[]): PartitionWrite => {
  const builder = createRunBuilder(1_000_000, 100_000)
  const noHeaders = Buffer.from([0])
  for (const text of values) {
    const value = Buffer.from(text)
    builder.add({
      key: null,
      keyStart: 0,
      keyEnd: 0,
      value,
      valueStart: 0,
      valueEnd: value.length,
      headers: noHeaders,
      headersEnd: 1,
      timestampMs: Date.now(),
    })
  }
  const [records, ...more] = builder.finish()
  if (records === undefined || more.length > 0) throw new Error(`Expected one batch, got ${more.length + 1}`)
  return { topic, partition, records }
}

/** `0: a` for each record of a delivery, in the order of its chunks. */
export const readAll = async ({ batch }: Delivery): Promise<readonly string[]> => {
  const seen: string[] = []
  for await (const { records } of batch.chunks()) {
    records.forEach(({ offsetNumber, value }) => seen.push(`${offsetNumber}: ${String(value)}`))
  }
  return seen
}

/** A member of a group that records what happens to it; `options` may replace handlers. */
export const openReader = async (
  kafka: Kafka,
  options: Pick<SourceOptions, 'groupId' | 'topics'> & Partial<SourceOptions>,
): Promise<{ readonly source: RecordSource; readonly seen: string[]; readonly joined: Record<string, unknown>[] }> => {
  const seen: string[] = []
  const joined: Record<string, unknown>[] = []
  const source = await kafka.openSource({
    rebalanceTimeoutMs: 10_000,
    heartbeatIntervalMs: 250,
    partitionsAtOnce: 4,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 2 << 20,
    onJoined: (assignment) => void joined.push({ ...assignment }),
    onPassedOver: () => undefined,
    onCrashed: (error) => void seen.push(`crashed: ${String(error)}`),
    onDelivery: async (delivery) => {
      seen.push(...(await readAll(delivery)))
      delivery.advance(delivery.batch.lastOffset + 1n)
    },
    ...options,
  })
  return { source, seen, joined }
}
