import type { Header } from './record.js'

/** What an output may have besides its value. */
export type OutputOptions = {
  /** Overrides the topic's `key`; null for no key. Text or bytes; with `keyFormat`, bytes or a value of that format. */
  readonly key?: unknown
  /** The headers of the output. It does not inherit the input's headers. */
  readonly headers?: readonly Header[]
  /** The event time in ms since 1970, for the metric. */
  readonly eventTimeMs?: number
  /**
   * An oddity of a record that passes nevertheless, such as `zone_mismatch`. It is counted, and logged now and then.
   */
  readonly warning?: string
}

/** A record for the topic `alias`, created by `to.<alias>(value)`. */
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

/** The result for a record: one output, a list of them (an empty list: nothing), a drop, or a dead letter. */
export type Fate<Reason extends string = string> = Output | readonly Output[] | Dropped | Rejected<Reason>

/** Produces nothing for the record, and counts it under `why`. */
export const drop = (why: string): Dropped => ({ kind: 'dropped', why })

/** Rejects the record: it becomes a dead letter. `message` says what was expected and what came. */
export const reject = <const Reason extends string>(reason: Reason, message: string): Rejected<Reason> => ({
  kind: 'rejected',
  reason,
  message,
})
