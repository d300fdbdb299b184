import { createSystemClock, type Clock, type CommonSettings } from '@kafka-etl/common'
import { connectAdmin, type KafkaAdmin } from './admin/kafka-admin.js'
import { createClient, type Client, type KafkaOptions } from './client/client.js'
import { openIdempotentSink, type IdempotentSink, type IdempotentSinkOptions } from './sinks/idempotent-sink.js'
import {
  openTransactionalSink,
  type TransactionalSink,
  type TransactionalSinkOptions,
} from './sinks/transactional-sink.js'
import { openSource, type RecordSource, type SourceOptions } from './source/record-source.js'
import { readRanges, type OffsetRange, type RangesRead, type ReadRangesOptions } from './source/read-ranges.js'

/** A Kafka cluster, with everything that this suite does with it. */
export type Kafka = {
  /** Joins a consumer group. It commits nothing by itself. */
  readonly openSource: (options: SourceOptions) => Promise<RecordSource>
  /** Becomes the only writer with a transactional id. */
  readonly openTransactionalSink: (options: TransactionalSinkOptions) => Promise<TransactionalSink>
  readonly openIdempotentSink: (options: IdempotentSinkOptions) => Promise<IdempotentSink>
  /** `retries`: how often to retry a request; by default as often as the client does. */
  readonly connectAdmin: (retries?: number) => Promise<KafkaAdmin>
  /** Reads ranges of partitions to their ends, in a temporary group. */
  readonly readRanges: <Range extends OffsetRange>(options: ReadRangesOptions<Range>) => Promise<RangesRead<Range>>
}

/** Creates a Kafka from the settings. Throws a {@link SettingsError} if they contradict each other. */
export const createKafka = (options: KafkaOptions): Kafka =>
  toKafka(createClient(options), options.settings, options.clock)

type UseSettings = Pick<CommonSettings, 'kafkaSessionTimeoutMs' | 'kafkaReplicationFactor'>

export const toKafka = (
  client: Client,
  { kafkaSessionTimeoutMs: sessionTimeoutMs, kafkaReplicationFactor: replicas }: UseSettings,
  clock: Clock = createSystemClock(),
): Kafka => ({
  openSource: (options) => openSource(client, clock, { ...options, sessionTimeoutMs }),
  openTransactionalSink: (options) => openTransactionalSink(client, options),
  openIdempotentSink: (options) => openIdempotentSink(client, options),
  connectAdmin: (retries) => connectAdmin(client, clock, { retries, replicas }),
  readRanges: (options) => readRanges(client, options),
})

/** Adds the Kafka cluster to the context of a service. */
export const withKafka = <Context extends Omit<KafkaOptions, 'retries'>>(
  context: Context,
): Context & { readonly kafka: Kafka } => ({ ...context, kafka: createKafka(context) })
