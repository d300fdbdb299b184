import type { Static, TSchema } from 'typebox'
import { compileCheck } from './checked-schema.js'
import type { EncodeContext, Format } from './format.js'
import { createFieldMap } from './json-fields.js'
import { parseJson } from './json-text.js'
import { createJsonWriter } from './json-writer.js'

export type JsonOptions<Value> = {
  /**
   * Reads and writes only the fields of the schema, each at its path: `{ name: 'owner.name' }`, or as a JSON Pointer,
   * `{ name: '/owner/name' }`. Fields without a path keep their name.
   */
  readonly fields?: { readonly [Field in keyof Value]?: string }
  /** Adds `"time"`, when the input was handled (epoch ms), and `"diff"`, 1 for an insertion, as Pathway does. */
  readonly changes?: boolean
}

/**
 * JSON that matches `schema`. Additional fields stay, in their order. If the schema allows null, a tombstone is read as
 * null, and null is written as a tombstone.
 */
export const json = <Schema extends TSchema>(
  schema: Schema,
  { fields, changes = false }: JsonOptions<Static<Schema>> = {},
): Format<Static<Schema>> => {
  const check = compileCheck(schema)
  const takesTombstones = check(null) === undefined
  const map = fields && createFieldMap(schema, fields)
  const write = createWrite(map?.place, changes)
  if (changes) refuseChangesOf(schema)
  return {
    name: 'json',
    schema,
    decode: (bytes) => {
      if (bytes === null && takesTombstones) return { ok: true, value: null as Static<Schema> }
      const parsed = parseJson(bytes)
      if (!parsed.ok) return parsed
      const value = map && isObject(parsed.value) ? map.pick(parsed.value) : parsed.value
      return check(value) ?? { ok: true, value: value as Static<Schema> }
    },
    encode: (value, context) => {
      if (value === null && takesTombstones) return { ok: true, bytes: null }
      return check(value) ?? { ok: true, bytes: Buffer.from(write(value, context)) }
    },
  }
}

type Fields = Readonly<Record<string, unknown>>

const createWrite = (
  place: ((value: Fields) => Fields) | undefined,
  changes: boolean,
): ((value: unknown, context: EncodeContext) => string) => {
  const writeJson = createJsonWriter()
  if (!place && !changes) return writeJson
  return (value, { handledAtMs }) => {
    const placed = place ? place(value as Fields) : (value as Fields)
    return writeJson(changes ? { ...placed, time: handledAtMs, diff: 1 } : placed)
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const refuseChangesOf = (schema: TSchema): void => {
  const { properties } = schema as { readonly properties?: object }
  if (properties && !('time' in properties) && !('diff' in properties)) return
  throw new Error('json: expected an object without fields called time and diff for `changes`, got another schema')
}
