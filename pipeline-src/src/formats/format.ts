import type { TSchema } from 'typebox'

/** Why a format refuses a record's value. A pipeline adds reasons of its own. */
export const formatReasons = ['value_empty', 'value_not_utf8', 'value_not_json', 'value_not_valid'] as const

export type FormatReason = (typeof formatReasons)[number]

export type Refused = { readonly ok: false; readonly reason: FormatReason; readonly message: string }

export type Decoded<Value> = { readonly ok: true; readonly value: Value } | Refused

/** `bytes` is null for a tombstone. */
export type Encoded = { readonly ok: true; readonly bytes: Buffer | null } | Refused

/**
 * How the values of a topic are written. Neither function throws. Bytes are null for a tombstone, which only a format
 * whose values may be null takes.
 *
 * The functions are methods so that a `Format<Order>` can be kept as a `Format<unknown>`: the pipeline's types have
 * checked by then that each step gets and makes the values of its topics.
 */
export type Format<Value> = {
  readonly name: string
  /** What the values look like, in JSON Schema; the columns of a CSV come from it. */
  readonly schema: TSchema
  decode(bytes: Buffer | null): Decoded<Value>
  encode(value: Value): Encoded
}

export const refuse = (reason: FormatReason, message: string): Refused => ({ ok: false, reason, message })
