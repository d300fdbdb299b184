import type { Instant } from '@kafka-etl/common'
import type { Header } from './record.js'

/**
 * What the producer sends for a pipeline. Records are numbered from 0, and each is a pure function of its number: a
 * restarted producer can continue anywhere.
 */
export type Sample = LinesSample | GeneratedSample

/** One sample per topic, sent in turns; or one sample whose records name their topics. */
export type SampleOf<Alias extends string> = Sample | Readonly<Partial<Record<Alias, Sample>>>

/** One record of a sample. */
export type SampleRecord = {
  /** Text and bytes are sent as they are, null as a tombstone; the topic's format encodes anything else. */
  readonly value: unknown
  /**
   * Text or bytes, null for none; with `keyFormat`, also a value of that format. If it is absent, the topic's `key`
   * derives the key from the value; without such a `key`, the record has none.
   */
  readonly key?: unknown
  readonly headers?: readonly Header[]
  /** Kafka's record timestamp in epoch ms. Default: the time of sending. */
  readonly timestampMs?: number
}

export type LinesSample = {
  readonly kind: 'lines'
  /** The path within the pipeline's folder. */
  readonly file: string
  /** Records per second; 0: as fast as possible. */
  readonly rate: number
  /** The total number of lines; the file repeats if it has fewer. Undefined: the file once. */
  readonly count: number | undefined
}

export type GeneratedSample = {
  readonly kind: 'generated'
  /** Creates record `index` of the stream of `seed` at the time of sending, `now`. Text or bytes become its value. */
  readonly make: (index: number, seed: number, now: Instant) => string | Buffer | SampleRecord
  /** The number of units; 0: endless. */
  readonly count: number
  /** Units per second; 0: as fast as possible. */
  readonly rate: number
  /** What the log calls the records: `logs`. */
  readonly noun: string
  /** What the log calls a topic, by its name in Kafka; undefined: the name itself. */
  readonly labelOf: ((topic: string) => string) | undefined
  /** The topic of a record, by alias or by its name in Kafka, if there are several. */
  readonly topicOf: ((index: number, seed: number) => string) | undefined
  /**
   * `stream`: a record is acknowledged before a record of another topic is sent. `topic`: records keep their order only
   * within their topic, which is faster.
   */
  readonly order: 'stream' | 'topic'
  /** The pause before record `index`, whatever the rate. */
  readonly afterMsOf: ((index: number) => number | undefined) | undefined
  /** How many records the first `units` units have; undefined: each record is a unit. */
  readonly recordsOf: ((units: number) => number) | undefined
}

const defaultRate = 500

/**
 * The lines of a file in the pipeline's folder. In the sample of one topic, each line is a value. In the sample of a
 * pipeline, a line is `{"topic":alias,"key":…,"value":…|null,"timestampMs":…,"afterMs":…}`: lines are sent in the
 * file's order, each acknowledged before the next. `afterMs` is a pause before the line, whatever the rate.
 */
export const lines = (
  file: string,
  { rate = defaultRate, count }: { readonly rate?: number; readonly count?: number } = {},
): LinesSample => ({ kind: 'lines', file, rate, count })

/** Records that a function creates. */
export const generated = (
  make: GeneratedSample['make'],
  options: Pick<GeneratedSample, 'count'> & Partial<Omit<GeneratedSample, 'kind' | 'make' | 'count'>>,
): GeneratedSample => ({
  kind: 'generated',
  make,
  count: options.count,
  rate: options.rate ?? defaultRate,
  noun: options.noun ?? 'records',
  labelOf: options.labelOf,
  topicOf: options.topicOf,
  order: options.order ?? 'stream',
  afterMsOf: options.afterMsOf,
  recordsOf: options.recordsOf,
})

/** Whether the sample is one for all topics instead of one per topic. */
export const isOneSample = (sample: Sample | Readonly<Record<string, Sample | undefined>>): sample is Sample =>
  typeof sample.kind === 'string'
