import { messageOf } from '@kafka-etl/common'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
import { compileCheck } from '../formats/checked-schema.js'
import { refuse, type Decoded, type Format } from '../formats/format.js'
import { parseJson } from '../formats/json-text.js'
import { createRegisteredFormat } from './registered-format.js'
import { findOddKeyword } from './find-odd-keyword.js'
import { findLostReference } from './lost-reference.js'
import type { RegisteredSchema } from './registered-schema.js'

/** Registries take a schema without `$schema` for draft 4, in which `exclusiveMinimum` is a boolean. */
const draft7 = 'http://json-schema.org/draft-07/schema#'

/**
 * JSON in Confluent's wire format. A value must match the schema of its writer, and this one. Additional fields stay.
 * Throws for a `$ref` that leads out of the schema, and for keywords that would not be checked.
 */
export const jsonSchema = <Schema extends TSchema>(schema: Schema): Format<Static<Schema>> => {
  const lost = findLostReference(schema)
  if (lost !== undefined) throw new Error(`expected a schema whose references lead to parts of it, got ${lost}`)
  const odd = findOddKeyword(schema)
  if (odd !== undefined) throw new Error(`expected a JSON Schema whose keywords are all checked, got ${odd}`)
  const own: RegisteredSchema = { type: 'JSON', text: JSON.stringify({ $schema: draft7, ...schema }), references: [] }
  const checkOwn = compileCheck(schema)
  const check = (value: unknown): Decoded<Static<Schema>> => {
    const refused = checkOwn(value)
    return refused ? refuse('schema_mismatch', refused.message) : { ok: true, value: value as Static<Schema> }
  }
  return createRegisteredFormat<Static<Schema>>({
    name: 'json-schema',
    own,
    schema,
    takesTombstones: checkOwn(null) === undefined,
    createReader: (writer) => {
      const fitsWriter = writer.text === own.text ? () => true : compileWriter(writer)
      return (payload) => {
        const parsed = parseJson(payload)
        if (!parsed.ok) return parsed.reason === 'value_not_valid' ? parsed : refuse('schema_mismatch', parsed.message)
        if (fitsWriter(parsed.value)) return check(parsed.value)
        return refuse('schema_mismatch', 'expected a value that fits the schema it names, got another')
      }
    },
    write: (value) => {
      const refused = checkOwn(value)
      if (refused) throw new Error(refused.message)
      return { payload: Buffer.from(JSON.stringify(value)) }
    },
    fromText: (text) => {
      const parsed = parseJson(Buffer.from(text))
      return parsed.ok ? (checkOwn(parsed.value) ?? { ok: true, value: parsed.value as Static<Schema> }) : parsed
    },
    toText: (value) => JSON.stringify(value),
  })
}

const compileWriter = ({ text, references }: RegisteredSchema): ((value: unknown) => boolean) => {
  const named = Object.fromEntries(references.map(({ name, text: referenced }) => [name, parseSchema(referenced)]))
  const compiled = Compile(named, parseSchema(text))
  return (value) => compiled.Check(value)
}

const parseSchema = (text: string): TSchema => {
  try {
    return JSON.parse(text) as TSchema
  } catch (error) {
    throw new Error(`expected a JSON Schema, got another text: ${messageOf(error)}`, { cause: error })
  }
}
