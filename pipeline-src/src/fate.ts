import type { Header } from './record.js'

/** What an output may bring beside its value. */
export type OutputOptions = {
  /** Overrides the topic's `key`; null for none. Text or bytes; with `keyFormat` bytes, or a value of it. */
  readonly key?: unknown
  /** The input's headers are not carried on unless they are given here. */
  readonly headers?: readonly Header[]
  /** When it happened, ms since 1970, for the metric of the event time. */
  readonly eventTimeMs?: number
  /** Counted and logged now and then, though the record passes: what is odd about it, such as `zone_mismatch`. */
  readonly warning?: string
}

/** One record of the topic `alias`, made by `to.<alias>(value)`. */
export type Output = {
  readonly kind: 'output'
  readonly alias: string
  readonly value: unknown
  readonly options: OutputOptions | undefined
}

export type Dropped = { readonly kind: 'dropped'; readonly why: string }

export type Rejected<Reason extends string = string> = {
  readonly kind: 'rejected'
  readonly reason: Reason
  readonly message: string
}

/** What becomes of a record: one output, a list of them (an empty list: nothing), a drop, or a dead letter. */
export type Fate<Reason extends string = string> = Output | readonly Output[] | Dropped | Rejected<Reason>

/** Makes nothing of the record, and counts it under `why`. */
export const drop = (why: string): Dropped => ({ kind: 'dropped', why })

/** Sets the record aside as a dead letter. `message` says what was expected and what came. */
export const reject = <const Reason extends string>(reason: Reason, message: string): Rejected<Reason> => ({
  kind: 'rejected',
  reason,
  message,
})
