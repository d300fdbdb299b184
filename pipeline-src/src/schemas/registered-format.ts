import { messageOf } from '@kafka-etl/common'
import type { TSchema } from 'typebox'
import { refuse, type Decoded, type Encoded, type Format, type Refused } from '../formats/format.js'
import type { KnownSchemas, RegisteredSchema } from './registered-schema.js'
import { readFrame, writeFrame } from './wire-frame.js'

/** The parts of a format with a registered schema. All of it is pure. */
export type SchemaCodec<Value> = {
  readonly name: string
  /** The schema that the format writes, and to which it resolves the values of other writers. */
  readonly own: RegisteredSchema
  readonly schema: TSchema
  /** Whether the schema allows null, which is then a tombstone. */
  readonly takesTombstones: boolean
  /** Creates a reader for values of that schema. Throws if they can never be resolved to the own schema. */
  readonly createReader: (writer: RegisteredSchema) => (payload: Buffer) => Decoded<Value>
  /** `indexes`: the position of a Protobuf message. Throws for a value that does not match. */
  readonly write: (value: Value) => { readonly payload: Uint8Array; readonly indexes?: Uint8Array }
  readonly fromText: (text: string) => Decoded<Value>
  readonly toText: (value: Value) => string
}

/** The id of a format's own schema without a registry: in tests, and to try a pipeline. */
export const idWithoutRegistry = 1

/** Creates a format that knows only its own schema until it is bound to a registry's schemas. */
export const createRegisteredFormat = <Value>(codec: SchemaCodec<Value>): Format<Value> => {
  const onlyOwn: KnownSchemas = { get: (id) => (id === idWithoutRegistry ? codec.own : 'missing') }
  const bind = (schemas: KnownSchemas, ownId: number | undefined): Format<Value> => ({
    name: codec.name,
    schema: codec.schema,
    decode: createDecode(codec, schemas),
    encode: createEncode(codec, ownId),
    fromText: codec.fromText,
    toText: codec.toText,
    registered: { own: codec.own, bind },
  })
  return bind(onlyOwn, idWithoutRegistry)
}

type Reader<Value> = (payload: Buffer) => Decoded<Value>

/** A compiled reader takes a few KiB. Beyond this number, the cache is cleared. */
const mostReaders = 2_000

const createDecode = <Value>(
  codec: SchemaCodec<Value>,
  schemas: KnownSchemas,
): ((bytes: Buffer | null) => Decoded<Value>) => {
  const readers = new Map<number, Reader<Value>>()
  const readerOf = (id: number): Reader<Value> => {
    const known = readers.get(id)
    if (known) return known
    const writer = schemas.get(id)
    if (writer === undefined) throw new Error(`expected the schema ${id} to have been asked for`)
    // The schema may be registered later: do not cache this.
    if (writer === 'missing')
      return () => refuse('schema_unknown', `expected a schema of the registry, got the id ${id}`)
    if (readers.size >= mostReaders) readers.clear()
    const reader = createReader(codec, writer, id)
    readers.set(id, reader)
    return reader
  }
  return (bytes) => {
    if (bytes === null) {
      // The codec guarantees that values of this format may be null.
      return codec.takesTombstones
        ? { ok: true, value: null as Value }
        : refuse('value_empty', 'expected a value, got none')
    }
    const frame = readFrame(bytes)
    return frame.ok ? readerOf(frame.schemaId)(frame.payload) : frame
  }
}

const createReader = <Value>(codec: SchemaCodec<Value>, writer: RegisteredSchema, id: number): Reader<Value> => {
  const mismatch = (message: string): Refused => refuse('schema_mismatch', `schema ${id}: ${message}`)
  if (writer.type !== codec.own.type) {
    const refused = mismatch(`expected a schema of type ${codec.own.type}, got ${writer.type}`)
    return () => refused
  }
  try {
    const read = codec.createReader(writer)
    return (payload) => {
      try {
        const decoded = read(payload)
        return decoded.ok || decoded.reason !== 'schema_mismatch' ? decoded : mismatch(decoded.message)
      } catch (error) {
        return mismatch(`expected ${codec.name} of that schema, got other bytes: ${messageOf(error)}`)
      }
    }
  } catch (error) {
    const refused = mismatch(`expected a schema that ${codec.name} can be read from, got another: ${messageOf(error)}`)
    return () => refused
  }
}

const createEncode =
  <Value>(codec: SchemaCodec<Value>, ownId: number | undefined) =>
  (value: Value): Encoded => {
    if (value === null && codec.takesTombstones) return { ok: true, bytes: null }
    if (ownId === undefined) throw new Error(`expected the ${codec.name} schema to be registered, found no id`)
    try {
      const { payload, indexes } = codec.write(value)
      return { ok: true, bytes: writeFrame(ownId, payload, indexes) }
    } catch (error) {
      return refuse('value_not_valid', `expected a value that fits the ${codec.name} schema: ${messageOf(error)}`)
    }
  }
