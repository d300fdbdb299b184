import type { Instant } from '@kafka-etl/common'
import type { Header } from '@kafka-etl/pipeline'

/** Everything that a producer sends, as a function of the record's number. */
export type Stream = {
  /** Streams with different ids have separate positions. Empty if only the seed distinguishes the stream. */
  readonly id: string
  readonly topics: readonly StreamTopic[]
  /** What the log calls the records: `logs`. */
  readonly noun: string
  /** Whether a record must be acknowledged before a record of another topic is sent. */
  readonly isOrdered: boolean
  /** The default of PRODUCER_RATE, in units per second; 0: as fast as possible. */
  readonly rate: number
  /** The default of PRODUCER_COUNT, in units; 0: endless. */
  readonly count: number
  /** How many records the first `units` units have. */
  readonly recordsOf: (units: number) => number
  /** The index in `topics` of the topic for record `index`. */
  readonly topicAt: (index: number) => number
  /** The pause before record `index`, whatever the rate. */
  readonly afterMsAt: (index: number) => number | undefined
  readonly recordAt: (index: number, now: Instant) => StreamRecord
}

export type StreamTopic = {
  readonly alias: string
  /** The name in Kafka. */
  readonly name: string
  /** What the log calls the topic. */
  readonly label: string
}

/** A record as it is sent, without its partition. */
export type StreamRecord = {
  readonly key: Buffer | null
  /** A text is sent as UTF-8. */
  readonly value: string | Buffer | null
  readonly headers: readonly Header[]
  readonly timestampMs: number
}

export const everyRecord = (units: number): number => units
export const noPause = (): undefined => undefined

/**
 * The index of each topic, by its name in Kafka and by its alias. If several topics share an alias, it means the first.
 */
export const indexTopics = (topics: readonly StreamTopic[]): ReadonlyMap<string, number> => {
  const indexes = new Map<string, number>()
  topics.forEach(({ alias }, index) => {
    if (!indexes.has(alias)) indexes.set(alias, index)
  })
  topics.forEach(({ name }, index) => indexes.set(name, index))
  return indexes
}
