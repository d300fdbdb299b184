import type { KafkaMessage } from 'kafkajs'

/** Header values by name; a name that occurs several times has a list. */
export type Headers = NonNullable<KafkaMessage['headers']>

/** An input record as the loop sees it: where it stands in its partition, and its bytes. */
export type InputRecord = Pick<KafkaMessage, 'key' | 'value' | 'timestamp' | 'offset' | 'headers'>

/** An input partition and where its outputs go. */
export type Route = {
  readonly topic: string
  readonly partition: number
  readonly outputTopic: string
  readonly deadLetterTopic: string
  /** The partition of both output topics that belongs to this input partition alone. */
  readonly outputPartition: number
}

/** A record to be written; its partition is its route's. */
export type OutputRecord = {
  readonly key: Buffer | null
  readonly value: Buffer | string | null
  /** Kafka's record timestamp, epoch milliseconds as KafkaJS has it: a decimal number. */
  readonly timestamp: string
  readonly headers: Headers
}
