import type { KafkaMessage } from 'kafkajs'

/**
 * An input record as the loop sees it: beside its value, where its parts stand in the bytes of the fetch
 * response (patches/README.md), so that they can be read and copied there.
 */
export type InputRecord = Pick<KafkaMessage, 'value'> & {
  readonly buffer: Buffer
  readonly keyStart: number
  /** -1 for none. */
  readonly keyLength: number
  readonly valueStart: number
  /** -1 for a tombstone. */
  readonly valueLength: number
  /** Their number and the headers, as Kafka's format v2 has them (KIP-98). */
  readonly headersStart: number
  readonly headersEnd: number
  readonly offsetNumber: number
  /** Kafka's record timestamp, epoch ms; -1 for none. */
  readonly timestampMs: number
}

/** Records to be read once, in order. It may be the same object each time: what is to stay has to be copied. */
export type InputRecords = { readonly forEach: (visit: (record: InputRecord) => void) => void }

/** An input partition and where its outputs go. */
export type Route = {
  readonly topic: string
  readonly partition: number
  readonly outputTopic: string
  readonly deadLetterTopic: string
  /** The partition of both output topics that belongs to this input partition alone. */
  readonly outputPartition: number
}
