import type { Instant } from '@kafka-etl/common'
import type { Header } from './record.js'

/**
 * What the producer sends for a pipeline. Records are numbered from 0, and each is a pure function of its number, so a
 * producer that restarts can continue anywhere.
 */
export type Sample = LinesSample | GeneratedSample

/** A sample for each topic, sent in turns; or one sample whose records name their topics. */
export type SampleOf<Alias extends string> = Sample | Readonly<Partial<Record<Alias, Sample>>>

/** One record of a sample. */
export type SampleRecord = {
  /** Text and bytes are sent as they are, null is a tombstone; anything else is encoded by the topic's format. */
  readonly value: unknown
  /** Text or bytes, null for none; with `keyFormat` also a value of it. Without it the topic's `key` makes one of the value, if the topic has such; otherwise the record has no key. */
  readonly key?: unknown
  readonly headers?: readonly Header[]
  /** Kafka's record timestamp, epoch ms. Default: when it is sent. */
  readonly timestampMs?: number
}

export type LinesSample = {
  readonly kind: 'lines'
  /** In the pipeline's folder. */
  readonly file: string
  /** Records a second; 0: as fast as possible. */
  readonly rate: number
  /** Lines in all, the file in rounds if it has fewer; undefined: the file once. */
  readonly count: number | undefined
}

export type GeneratedSample = {
  readonly kind: 'generated'
  /** Record `index` of the stream of `seed`, made when it is sent: at `now`. A text or bytes are its value. */
  readonly make: (index: number, seed: number, now: Instant) => string | Buffer | SampleRecord
  /** In units; 0: endless. */
  readonly count: number
  /** Units a second; 0: as fast as possible. */
  readonly rate: number
  /** What the records are called in the log: `logs`. */
  readonly noun: string
  /** What a topic is called in the log, by Kafka's name; undefined: just that. */
  readonly labelOf: ((topic: string) => string) | undefined
  /** The topic of a record, by alias or by Kafka's name, if there are several to choose from. */
  readonly topicOf: ((index: number, seed: number) => string) | undefined
  /**
   * `stream`: a record is acknowledged before one of another topic is sent. `topic`: records keep their order within
   * their topic alone, which is faster.
   */
  readonly order: 'stream' | 'topic'
  /** How long before record `index` nothing is sent, whatever the rate. */
  readonly afterMsOf: ((index: number) => number | undefined) | undefined
  /** How many records the first `units` of what is counted are; undefined: each record is counted. */
  readonly recordsOf: ((units: number) => number) | undefined
}

const defaultRate = 500

/**
 * The lines of a file in the pipeline's folder. As the sample of one topic, each line is a value. As the sample of a
 * pipeline, a line is `{"topic":alias,"key":…,"value":…|null,"timestampMs":…,"afterMs":…}`: they are sent in the file's
 * order, each acknowledged before the next. `afterMs` is a pause before the line, whatever the rate.
 */
export const lines = (
  file: string,
  { rate = defaultRate, count }: { readonly rate?: number; readonly count?: number } = {},
): LinesSample => ({ kind: 'lines', file, rate, count })

/** Records that a function makes. */
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

/** Whether one sample is for all topics, not one for each. */
export const isOneSample = (sample: Sample | Readonly<Record<string, Sample | undefined>>): sample is Sample =>
  typeof sample.kind === 'string'
