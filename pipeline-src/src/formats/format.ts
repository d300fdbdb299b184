import type { TSchema } from 'typebox'
import type { KnownSchemas, RegisteredSchema } from '../schemas/registered-schema.js'

/** Why a format refuses a record's value. A pipeline adds its own reasons. */
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
 * The encoding of a topic's values. Neither function throws. Bytes are null for a tombstone, which only formats with
 * nullable values accept.
 *
 * The functions are methods to make a `Format<Order>` assignable to a `Format<unknown>`. By then, the types of the
 * pipeline have checked that each step reads and writes the values of its topics.
 */
export type Format<Value> = {
  readonly name: string
  /** The JSON Schema of the values. The columns of a CSV come from it. */
  readonly schema: TSchema
  /** Why `decode` may refuse a value. Default: any reason of the formats. */
  readonly reasons?: readonly FormatReason[]
  decode(bytes: Buffer | null): Decoded<Value>
  encode(value: Value, context: EncodeContext): Encoded
  /** Only for a format whose records may hold several values, or depend on the first record of their partition. */
  readonly rows?: RowsFormat<Value>
  /** Reads a value from the JSON text of a sample or a command. Absent: the text is the value's bytes. */
  fromText?(text: string): Decoded<Value>
  /** Writes the value as JSON. Absent: the value's bytes are JSON already. */
  toText?(value: Value): string
  /** Only for a format with a schema in a Schema Registry. */
  readonly registered?: Registered<Value>
}

export type Registered<Value> = {
  readonly own: RegisteredSchema
  /** Binds the format to these schemas for reading. It writes with the id that the registry gave to its own schema. */
  bind(schemas: KnownSchemas, ownId: number | undefined): Format<Value>
}

export type EncodeContext = {
  /** When the input is handled, in epoch ms. */
  readonly handledAtMs: number
}

export type RowsFormat<Value> = {
  /** Whether the first record of a partition determines how to read the others. */
  readonly startsWithHeader: boolean
  /** `state` results from the previous records; undefined at the start of a partition. */
  decode(bytes: Buffer | null, offset: bigint, state: FormatState | undefined): DecodedRows<Value>
}

/** The values of one record, or why it is refused, and the state for the next record. */
export type DecodedRows<Value> = {
  readonly decoded: Decoded<readonly Value[]>
  readonly state: FormatState | undefined
}

/** The content and offset of a partition's header. It is stored with the committed offset. */
export type FormatState = {
  readonly columns: readonly string[]
  readonly offset: bigint
  /** The SHA-256 of the record's value, in hex. */
  readonly sha256: string
}

export const refuse = (reason: FormatReason, message: string): Refused => ({ ok: false, reason, message })
