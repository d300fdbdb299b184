import { messageOf } from '@kafka-etl/common'
import { Type } from 'typebox'
import { refuse, type Decoded, type Format } from '../../formats/format.js'
import { parseJsonWithIntegers, stringifyWithIntegers } from '../json-with-integers.js'
import { createRegisteredFormat } from '../registered-format.js'
import type { RegisteredSchema } from '../registered-schema.js'
import type { AvroType } from './avsc-internals.js'
import { compileAvro } from './compile-avro.js'
import { fromAvroJson } from './avro-json.js'
import type { AvroSchema, AvroValue } from './avro-value.js'

/**
 * Avro in Confluent's wire format. A value is read with the schema of its writer, and resolved to this one (Avro
 * specification, "Schema Resolution"). Throws if `schema` is invalid.
 */
export const avro = <const Schema extends AvroSchema>(schema: Schema): Format<AvroValue<Schema>> => {
  const own: RegisteredSchema = { type: 'AVRO', text: JSON.stringify(schema), references: [] }
  const type = compileOwn(own)
  // The schema, which avsc checks, determines the types of values.
  return createRegisteredFormat<unknown>({
    name: 'avro',
    own,
    schema: Type.Unknown(),
    takesTombstones: type.isValid(null),
    createReader: (writer) => createReader(type, own, writer),
    write: (value) => {
      checkValue(type, value)
      return { payload: type.toBuffer(value) }
    },
    fromText: (text) => readText(type, text),
    toText: stringifyWithIntegers,
  }) as Format<AvroValue<Schema>>
}

const compileOwn = ({ text }: RegisteredSchema): AvroType => {
  try {
    return compileAvro([text])
  } catch (error) {
    throw new Error(`expected an Avro schema that values can be written with, got another: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

const createReader = <Value>(
  type: AvroType,
  own: RegisteredSchema,
  writer: RegisteredSchema,
): ((payload: Buffer) => Decoded<Value>) => {
  if (writer.text === own.text) return (payload) => ({ ok: true, value: type.fromBuffer(payload) as Value })
  const writerType = compileAvro([...writer.references.map(({ text }) => text), writer.text])
  const resolver = type.createResolver(writerType)
  return (payload) => ({ ok: true, value: type.fromBuffer(payload, resolver) as Value })
}

/** Throws with the name of the field that does not match. */
const checkValue = (type: AvroType, value: unknown): void => {
  if (type.isValid(value)) return
  type.isValid(value, {
    errorHook: (path: readonly string[], got: unknown, expected: AvroType) => {
      const where = path.join('.') || 'the value'
      throw new Error(`expected ${where} to be ${expected.branchName ?? 'of the union'}, got ${describe(got)}`)
    },
  })
}

const mostCharacters = 60

const describe = (value: unknown): string => {
  const text = value === undefined ? 'none' : stringifyWithIntegers(value)
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`
}

const readText = <Value>(type: AvroType, text: string): Decoded<Value> => {
  try {
    const value = fromAvroJson(type, parseJsonWithIntegers(text))
    checkValue(type, value)
    return { ok: true, value: value as Value }
  } catch (error) {
    return refuse('value_not_valid', messageOf(error))
  }
}
