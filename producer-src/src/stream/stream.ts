import type { Instant } from '@kafka-etl/common'
import type { Header } from '@kafka-etl/pipeline'

/** Everything that a producer sends, as a function of the record's number. */
export type Stream = {
  /** Streams of different ids have positions of their own; empty for what only the seed tells apart. */
  readonly id: string
  readonly topics: readonly StreamTopic[]
  /** What the records are called in the log: `logs`. */
  readonly noun: string
  /** Whether a record is acknowledged before one of another topic is sent. */
  readonly isOrdered: boolean
  /** Units a second unless PRODUCER_RATE says otherwise; 0: as fast as possible. */
  readonly rate: number
  /** In units, unless PRODUCER_COUNT says otherwise; 0: endless. */
  readonly count: number
  /** How many records the first `units` units are. */
  readonly recordsOf: (units: number) => number
  /** Index in `topics` of the topic that record `index` goes to. */
  readonly topicAt: (index: number) => number
  /** How long before record `index` nothing is sent, whatever the rate. */
  readonly afterMsAt: (index: number) => number | undefined
  readonly recordAt: (index: number, now: Instant) => StreamRecord
}

export type StreamTopic = {
  readonly alias: string
  /** Kafka's. */
  readonly name: string
  /** What the log calls it. */
  readonly label: string
}

/** A record as it is sent, but for its partition. */
export type StreamRecord = {
  readonly key: Buffer | null
  /** A text is sent as UTF-8. */
  readonly value: string | Buffer | null
  readonly headers: readonly Header[]
  readonly timestampMs: number
}

export const everyRecord = (units: number): number => units
export const noPause = (): undefined => undefined

/** The index of each topic, by Kafka's name and by its alias; of topics that share an alias, the first has it. */
export const indexTopics = (topics: readonly StreamTopic[]): ReadonlyMap<string, number> => {
  const indexes = new Map<string, number>()
  topics.forEach(({ alias }, index) => {
    if (!indexes.has(alias)) indexes.set(alias, index)
  })
  topics.forEach(({ name }, index) => indexes.set(name, index))
  return indexes
}
