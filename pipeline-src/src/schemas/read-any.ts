import { messageOf } from '@kafka-etl/common'
import { refuse, type Refused } from '../formats/format.js'
import { compileAvro } from './avro/compile-avro.js'
import { parseJson } from '../formats/json-text.js'
import { stringifyWithIntegers } from './json-with-integers.js'
import { createReadMessage } from './protobuf/read-message.js'
import type { KnownSchemas, RegisteredSchema } from './registered-schema.js'
import { readFrame } from './wire-frame.js'

/** A value as JSON, read with the schema of its writer: 64-bit integers with all digits, bytes as base64. */
export type AnyValue =
  | { readonly ok: true; readonly schemaId: number; readonly type: RegisteredSchema['type']; readonly json: string }
  | Refused

/** A reader takes a few KiB. Beyond this number, the cache is cleared. */
const mostReaders = 2_000

/**
 * Creates the function that decodes values of any topic by the schema ids of their frames. It never throws. `schemas`
 * must have fetched the id.
 */
export const createReadAny = (schemas: KnownSchemas): ((bytes: Buffer) => AnyValue) => {
  const readers = new Map<number, ReadPayload>()
  const readerOf = (id: number, schema: RegisteredSchema): ReadPayload => {
    const known = readers.get(id)
    if (known) return known
    if (readers.size >= mostReaders) readers.clear()
    const reader = createReadPayload(schema)
    readers.set(id, reader)
    return reader
  }
  return (bytes) => {
    const frame = readFrame(bytes)
    if (!frame.ok) return frame
    const { schemaId, payload } = frame
    const schema = schemas.get(schemaId)
    if (schema === undefined || schema === 'missing') {
      return refuse('schema_unknown', `expected a schema of the registry, got the id ${schemaId}`)
    }
    try {
      return { ok: true, schemaId, type: schema.type, json: readerOf(schemaId, schema)(payload) }
    } catch (error) {
      return refuse('schema_mismatch', `schema ${schemaId}: ${messageOf(error)}`)
    }
  }
}

/** Throws for bytes that do not match the schema, or if the schema cannot be read. */
type ReadPayload = (payload: Buffer) => string

const createReadPayload = ({ type, text, references }: RegisteredSchema): ReadPayload => {
  switch (type) {
    case 'AVRO': {
      const avro = compileAvro([...references.map((referenced) => referenced.text), text])
      return (payload) => stringifyWithIntegers(avro.fromBuffer(payload))
    }
    case 'JSON':
      return readJsonText
    case 'PROTOBUF':
      return createReadMessage({ text, references })
  }
}

/** Returns the text unchanged, with all its digits. */
const readJsonText: ReadPayload = (payload) => {
  const parsed = parseJson(payload)
  if (!parsed.ok && parsed.reason !== 'value_not_valid') throw new Error(parsed.message)
  return payload.toString('utf8')
}
