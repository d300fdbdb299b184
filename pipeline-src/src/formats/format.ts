import type { TSchema } from 'typebox'
import type { KnownSchemas, RegisteredSchema } from '../schemas/registered-schema.js'

/** Why a format refuses a record's value. A pipeline adds reasons of its own. */
export const formatReasons = [
  'value_empty',
  'value_not_utf8',
  'value_not_json',
  'value_not_valid',
  'csv_header_invalid',
  'csv_row_invalid',
  'value_not_framed',
  'schema_unknown',
  'schema_mismatch',
] as const

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
  /** Why `decode` may refuse a value. Default: any reason of the formats. */
  readonly reasons?: readonly FormatReason[]
  decode(bytes: Buffer | null): Decoded<Value>
  encode(value: Value, context: EncodeContext): Encoded
  /** Only of a format whose records may hold several values, or depend on the first record of their partition. */
  readonly rows?: RowsFormat<Value>
  /** The value that a JSON text stands for, as samples and commands give it. Absent: the text is the value's bytes. */
  fromText?(text: string): Decoded<Value>
  /** The value as JSON. Absent: the value's bytes are. */
  toText?(value: Value): string
  /** Of a format whose schema is kept in a Schema Registry. */
  readonly registered?: Registered<Value>
}

export type Registered<Value> = {
  readonly own: RegisteredSchema
  /** The format that reads by these schemas, and writes with the id that the registry gave to its own. */
  bind(schemas: KnownSchemas, ownId: number | undefined): Format<Value>
}

export type EncodeContext = {
  /** When the input is handled, epoch ms. */
  readonly handledAtMs: number
}

export type RowsFormat<Value> = {
  /** The first record of a partition says how those behind it are to be read. */
  readonly startsWithHeader: boolean
  /** `state` is what the records before this one led to; undefined at the beginning of a partition. */
  decode(bytes: Buffer | null, offset: bigint, state: FormatState | undefined): DecodedRows<Value>
}

/** The values of one record, or why it is refused, and the state for the next record. */
export type DecodedRows<Value> = {
  readonly decoded: Decoded<readonly Value[]>
  readonly state: FormatState | undefined
}

/** What the header of a partition says, and where it stands. It goes with the committed offset. */
export type FormatState = {
  readonly columns: readonly string[]
  readonly offset: bigint
  /** Of the record's value, in hex. */
  readonly sha256: string
}

export const refuse = (reason: FormatReason, message: string): Refused => ({ ok: false, reason, message })
