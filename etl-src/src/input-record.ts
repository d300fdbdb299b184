import type { KafkaMessage } from 'kafkajs'

/**
 * An input record as the loop sees it. Beside what KafkaJS tells of it there is where its value stands in the bytes of
 * the fetch response (patches/README.md), so that a pipeline can read it there.
 */
export type InputRecord = Pick<KafkaMessage, 'key' | 'value' | 'offset' | 'headers'> & {
  readonly buffer: Buffer
  readonly valueStart: number
  /** -1 for a tombstone. */
  readonly valueLength: number
  /** Kafka's record timestamp, epoch ms; -1 for none. */
  readonly timestampMs: number
}

/** An input partition and where its outputs go. */
export type Route = {
  readonly topic: string
  readonly partition: number
  readonly outputTopic: string
  readonly deadLetterTopic: string
  /** The partition of both output topics that belongs to this input partition alone. */
  readonly outputPartition: number
}
