import avsc from 'avsc'
import type { Options } from './avsc-internals.js'
import { CheckedArray, CheckedMap } from './block-types.js'
import { DecimalType } from './decimal-type.js'
import { longType } from './long-type.js'
import { stringType } from './string-type.js'
import { createUnion } from './union-types.js'

const typeOf = (schema: avsc.Schema): unknown =>
  typeof schema === 'object' && !Array.isArray(schema) && 'type' in schema ? schema.type : schema

const hook = (schema: avsc.Schema, options: Options): avsc.Type | undefined => {
  if (Array.isArray(schema)) return createUnion(schema, options)
  switch (typeOf(schema)) {
    case 'long':
      return longType
    case 'string':
      return stringType
    case 'array':
      return new CheckedArray(schema, options)
    case 'map':
      return new CheckedMap(schema, options)
    default:
      return undefined
  }
}

/**
 * Compiles Avro schemas. Each may reference earlier ones by name; the last one is the result. Throws if a schema is
 * invalid.
 */
export const compileAvro = (texts: readonly string[]): avsc.Type => {
  const registry = {}
  const types = texts.map((text) =>
    avsc.Type.forSchema(JSON.parse(text) as avsc.Schema, {
      registry,
      assertLogicalTypes: true,
      omitRecordMethods: true,
      logicalTypes: { decimal: DecimalType },
      typeHook: hook,
    }),
  )
  const last = types.at(-1)
  if (!last) throw new Error('expected an Avro schema, got none')
  return last
}
