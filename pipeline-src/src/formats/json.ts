import type { Static, TSchema } from 'typebox'
import { compileCheck } from './checked-schema.js'
import type { Format } from './format.js'
import { parseJson } from './json-text.js'

/**
 * JSON that matches `schema`. Fields beyond the schema's stay, in their order. If the schema allows null, a tombstone is
 * read as null and null is written as a tombstone.
 */
export const json = <Schema extends TSchema>(schema: Schema): Format<Static<Schema>> => {
  const check = compileCheck(schema)
  const takesTombstones = check(null) === undefined
  return {
    name: 'json',
    schema,
    decode: (bytes) => {
      if (bytes === null && takesTombstones) return { ok: true, value: null as Static<Schema> }
      const parsed = parseJson(bytes)
      if (!parsed.ok) return parsed
      return check(parsed.value) ?? { ok: true, value: parsed.value as Static<Schema> }
    },
    encode: (value) => {
      if (value === null && takesTombstones) return { ok: true, bytes: null }
      return check(value) ?? { ok: true, bytes: Buffer.from(JSON.stringify(value)) }
    },
  }
}
