import type { Format } from './formats/format.js'
import type { Fate, Output, OutputOptions } from './fate.js'
import type { Key } from './key.js'
import type { Result } from './results.js'
import type { Sample, SampleOf } from './sample.js'
import type { StepRecord } from './record.js'

export type Topic<Value> = TopicOf<Value> & (TextKeys<Value> | ValueKeys<Value>)

type TopicOf<Value> = {
  /** Kafka's name. An input may be a list of topics that share format and step. */
  readonly name: string | readonly string[]
  readonly value: Format<Value>
  /**
   * For an input: the value of a record that ends an update (`*COMMIT*`). What the records up to it make, in all topics,
   * becomes visible together. Records with no such record after them stay invisible.
   */
  readonly updates?: string
  /** Default: 1, or for outputs without `key` as many as their sources need. */
  readonly partitions?: number
  /** Settings of the topic, by Kafka's names, for when it is created. */
  readonly settings?: Readonly<Record<string, string>>
}

type TextKeys<Value> = {
  /**
   * The key of each output, and with it the partition: a function of the value; columns, one as text, several as a JSON
   * array; or `unique`. Without it an output keeps the input's key.
   */
  readonly key?: Key<Value>
  readonly keyFormat?: undefined
}

type ValueKeys<Value> = {
  /** The key of each output, as a value of `keyFormat`. */
  readonly key?: (value: Value) => unknown
  /**
   * A format of the keys, with a schema in a registry (`avro`, `protobuf`, `jsonSchema`; subject `<topic>-key`). The step of
   * an input gets the decoded key as `keyValue`. A record whose key does not fit becomes a dead letter, as with values.
   */
  readonly keyFormat: Format<unknown>
}

/** `to.<alias>(value)` makes an output for that topic. */
export type To<Values> = {
  readonly [Alias in keyof Values]: (value: Values[Alias], options?: OutputOptions) => Output
}

/**
 * One pure function for each input topic: from a record to an output, a list of outputs, `drop` or `reject`. An empty list
 * makes nothing of the record. If a step throws, its record is rejected as `step_failed`.
 */
export type Step<Values, Alias extends keyof Values, Reason extends string> = (
  record: StepRecord<Values[Alias]>,
  tools: { readonly to: To<Values> },
) => Fate<Reason>

/** What the step of an update gets besides its rows. */
export type UpdateTools<Values> = {
  readonly to: To<Values>
  /** The number of this update in its partition, from 1; empty updates count, too. */
  readonly commit: number
  /** When the update is handled, epoch ms. */
  readonly handledAtMs: number
}

/**
 * One function for a topic with `updates`: from all rows of an update to outputs, `drop` or `reject`. The source of its
 * outputs is the record that ends the update. Rows that the format rejects become dead letters by themselves; `reject`
 * rejects all others.
 */
export type UpdateStep<Values, Alias extends keyof Values, Reason extends string> = {
  readonly update: (rows: readonly Values[Alias][], tools: UpdateTools<Values>) => Fate<Reason>
}

/** A pipeline as its author writes it. The types of values come from the topics' formats. */
export type PipelineDefinition<Values, Reason extends string> = {
  /** The folder in pipelines/, and the prefix of group, dead letters and results. */
  readonly name: string
  readonly topics: { readonly [Alias in keyof Values]: Topic<Values[Alias]> }
  /** Reasons for `reject`, besides those of the formats. */
  readonly reasons?: readonly Reason[]
  /** The warnings that outputs may have, so that the metrics show each from the start. */
  readonly warnings?: readonly string[]
  readonly steps: {
    readonly [Alias in keyof NoInfer<Values>]?:
      Step<NoInfer<Values>, Alias, NoInfer<Reason>> | UpdateStep<NoInfer<Values>, Alias, NoInfer<Reason>>
  }
  readonly sample?: SampleOf<keyof NoInfer<Values> & string>
  readonly results?: { readonly [Alias in keyof NoInfer<Values>]?: Result }
}

/** A pipeline as the suite runs it: the types of single topics have done their work. */
export type AnyDefinition = {
  readonly name: string
  readonly topics: Readonly<Record<string, Topic<unknown>>>
  readonly reasons?: readonly string[]
  readonly warnings?: readonly string[]
  readonly steps: Readonly<Record<string, AnyStep>>
  readonly sample?: Sample | Readonly<Record<string, Sample>>
  readonly results?: Readonly<Record<string, Result>>
}

export type AnyTo = Readonly<Record<string, (value: unknown, options?: OutputOptions) => Output>>

export type AnyStep = AnyRecordStep | AnyUpdateStep

export type AnyRecordStep = (record: StepRecord<unknown>, tools: { readonly to: AnyTo }) => Fate

export type AnyUpdateStep = {
  readonly update: (rows: readonly unknown[], tools: Omit<UpdateTools<unknown>, 'to'> & { readonly to: AnyTo }) => Fate
}
