import type { Format } from './formats/format.js'
import type { Fate, Output, OutputOptions } from './fate.js'
import type { Key } from './key.js'
import type { Result } from './results.js'
import type { Sample, SampleOf } from './sample.js'
import type { StepRecord } from './record.js'

export type Topic<Value> = TopicOf<Value> & (TextKeys<Value> | ValueKeys<Value>)

type TopicOf<Value> = {
  /** The name in Kafka. An input may be a list of topics with the same format and step. */
  readonly name: string | readonly string[]
  readonly value: Format<Value>
  /**
   * For an input: the value of a record that ends an update (`*COMMIT*`). Everything that the records before it
   * produce, in all topics, becomes visible together. Records without such a record after them stay invisible.
   */
  readonly updates?: string
  /** Default: 1; for outputs without `key`, as many as their sources need. */
  readonly partitions?: number
  /** Topic settings, by Kafka's names. They apply only when the topic is created. */
  readonly settings?: Readonly<Record<string, string>>
}

type TextKeys<Value> = {
  /**
   * The key of each output, which determines its partition: a function of the value; one column as text, or several as
   * a JSON array; or `unique`. Without it, an output keeps the input's key.
   */
  readonly key?: Key<Value>
  readonly keyFormat?: undefined
}

type ValueKeys<Value> = {
  /** The key of each output, as a value of `keyFormat`. */
  readonly key?: (value: Value) => unknown
  /**
   * The format of the keys, with a schema in a registry (`avro`, `protobuf`, `jsonSchema`; subject `<topic>-key`). The
   * step of an input gets the decoded key as `keyValue`. A record whose key does not match becomes a dead letter, as
   * with values.
   */
  readonly keyFormat: Format<unknown>
}

/** `to.<alias>(value)` creates an output for that topic. */
export type To<Values> = {
  readonly [Alias in keyof Values]: (value: Values[Alias], options?: OutputOptions) => Output
}

/**
 * A pure function for each input topic: from a record to an output, a list of outputs, `drop` or `reject`. An empty
 * list produces nothing. If a step throws, its record is rejected as `step_failed`.
 */
export type Step<Values, Alias extends keyof Values, Reason extends string> = (
  record: StepRecord<Values[Alias]>,
  tools: { readonly to: To<Values> },
) => Fate<Reason>

/** What the step of an update gets besides its rows. */
export type UpdateTools<Values> = {
  readonly to: To<Values>
  /** The number of this update in its partition, from 1. Empty updates count, too. */
  readonly commit: number
  /** When the update is handled, in epoch ms. */
  readonly handledAtMs: number
}

/**
 * A function for a topic with `updates`: from all rows of an update to outputs, `drop` or `reject`. The source of its
 * outputs is the record that ends the update. Rows that the format rejects become dead letters individually; `reject`
 * rejects all others.
 */
export type UpdateStep<Values, Alias extends keyof Values, Reason extends string> = {
  readonly update: (rows: readonly Values[Alias][], tools: UpdateTools<Values>) => Fate<Reason>
}

/** A pipeline as its author writes it. The formats of the topics determine the types of the values. */
export type PipelineDefinition<Values, Reason extends string> = {
  /** The folder in pipelines/, and the prefix of group, dead letters and results. */
  readonly name: string
  readonly topics: { readonly [Alias in keyof Values]: Topic<Values[Alias]> }
  /** Reasons for `reject`, besides those of the formats. */
  readonly reasons?: readonly Reason[]
  /** All warnings that outputs may have: metrics include each of them from the start. */
  readonly warnings?: readonly string[]
  readonly steps: {
    readonly [Alias in keyof NoInfer<Values>]?:
      Step<NoInfer<Values>, Alias, NoInfer<Reason>> | UpdateStep<NoInfer<Values>, Alias, NoInfer<Reason>>
  }
  readonly sample?: SampleOf<keyof NoInfer<Values> & string>
  readonly results?: { readonly [Alias in keyof NoInfer<Values>]?: Result }
}

/** A pipeline as the suite runs it, after the types of its topics were checked. */
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
