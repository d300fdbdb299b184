import type { KafkaLayout } from './kafka-properties.js'

/**
 * The broker of docker-compose.yml, bound to 127.0.0.1. Retention is Kafka's default (7 days): results.csv is the
 * permanent copy, topics are only the way to it.
 */
export const planStackKafka = (ports: {
  readonly kafka: number
  readonly zookeeper: number
}): Pick<KafkaLayout, 'id' | 'metadata' | 'listeners'> & {
  readonly settings: NonNullable<KafkaLayout['settings']>
} => ({
  id: 1,
  metadata: { kind: 'zookeeper', port: ports.zookeeper },
  listeners: [{ name: 'MACHINE', protocol: 'PLAINTEXT', port: ports.kafka, advertised: { host: 'localhost' } }],
  settings: {
    // Internal topics with few partitions start fast.
    'offsets.topic.num.partitions': 10,
    'transaction.state.log.num.partitions': 10,
    // As long as the records that Flink reads are kept (ENGINE_TRANSACTION_TIMEOUT_MS).
    'transaction.max.timeout.ms': 604_800_000,
  },
})
