import type { Format } from './formats/format.js'
import type { Fate, Output, OutputOptions } from './fate.js'
import type { Result } from './results.js'
import type { Sample } from './sample.js'
import type { StepRecord } from './record.js'

export type Topic<Value> = {
  /** Kafka's name. An input may be a list of topics that share format and step. */
  readonly name: string | readonly string[]
  readonly value: Format<Value>
  /** Makes the key of each output, and with it the partition. Without it an output keeps the input's key. */
  readonly key?: (value: Value) => string
  /** Default: 1, or for outputs without `key` as many as their sources need. */
  readonly partitions?: number
  /** Settings of the topic, by Kafka's names, for when it is created. */
  readonly settings?: Readonly<Record<string, string>>
}

/** `to.<alias>(value)` makes an output for that topic. */
export type To<Values> = {
  readonly [Alias in keyof Values]: (value: Values[Alias], options?: OutputOptions) => Output
}

/**
 * One function for each input topic, pure: from a record to an output, a list of outputs, `drop` or `reject`. An empty
 * list makes nothing of the record. A step that throws rejects its record as `step_failed`.
 */
export type Step<Values, Alias extends keyof Values, Reason extends string> = (
  record: StepRecord<Values[Alias]>,
  tools: { readonly to: To<Values> },
) => Fate<Reason>

/** A pipeline as its author writes it. The types of values come from the topics' formats. */
export type PipelineDefinition<Values, Reason extends string> = {
  /** The folder in pipelines/, and the prefix of group, dead letters and results. */
  readonly name: string
  readonly topics: { readonly [Alias in keyof Values]: Topic<Values[Alias]> }
  /** Reasons for `reject`, beside those of the formats. */
  readonly reasons?: readonly Reason[]
  readonly steps: {
    readonly [Alias in keyof NoInfer<Values>]?: Step<NoInfer<Values>, Alias, NoInfer<Reason>>
  }
  readonly sample?: { readonly [Alias in keyof NoInfer<Values>]?: Sample }
  readonly results?: { readonly [Alias in keyof NoInfer<Values>]?: Result }
}

/** A pipeline as the suite runs it: the types of single topics have done their work. */
export type AnyDefinition = {
  readonly name: string
  readonly topics: Readonly<Record<string, Topic<unknown>>>
  readonly reasons?: readonly string[]
  readonly steps: Readonly<Record<string, AnyStep>>
  readonly sample?: Readonly<Record<string, Sample>>
  readonly results?: Readonly<Record<string, Result>>
}

export type AnyTo = Readonly<Record<string, (value: unknown, options?: OutputOptions) => Output>>

export type AnyStep = (record: StepRecord<unknown>, tools: { readonly to: AnyTo }) => Fate
