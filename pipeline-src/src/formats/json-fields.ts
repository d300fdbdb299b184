import type { TSchema } from 'typebox'
import { ownField } from '../own-field.js'

/** The location of each field in the JSON: `owner.name`, or a JSON Pointer (RFC 6901), `/owner/name`. */
export type FieldPaths = Readonly<Record<string, string | undefined>>

export type FieldMap = {
  /**
   * Returns an object with only the fields of the schema. Fields that the JSON lacks stay absent, as do all if it is
   * not an object.
   */
  readonly pick: (json: unknown) => Record<string, unknown>
  /** The inverse of `pick`: puts the fields at their locations. */
  readonly place: (value: Readonly<Record<string, unknown>>) => Record<string, unknown>
}

/** Throws if the schema lacks a field, or if one path leads through another. */
export const createFieldMap = (schema: TSchema, paths: FieldPaths): FieldMap => {
  const names = Object.keys((schema as { readonly properties?: object }).properties ?? {})
  const unknown = Object.keys(paths).filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new Error(`json: expected fields of the schema (${names.join(', ')}), got ${unknown.join(', ')}`)
  }
  const fields = names.map((name) => ({ name, path: parsePath(ownField(paths, name) as string | undefined, name) }))
  rejectCrossings(fields)
  return {
    pick: (json) => {
      const picked: Record<string, unknown> = {}
      for (const { name, path } of fields) {
        const found = path.reduce<unknown>(ownField, json)
        if (found !== undefined) setField(picked, name, found)
      }
      return picked
    },
    place: (value) => {
      const json: Record<string, unknown> = {}
      for (const { name, path } of fields) {
        const field = ownField(value, name)
        if (field !== undefined) placeField(json, path, field)
      }
      return json
    },
  }
}

type FieldPath = { readonly name: string; readonly path: readonly string[] }

const parsePath = (path: string | undefined, name: string): readonly string[] => {
  if (path === undefined) return [name]
  if (!path.startsWith('/')) return path.split('.')
  return path
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const rejectCrossings = (fields: readonly FieldPath[]): void => {
  for (const { name, path } of fields) {
    const crossed = fields.find(
      (other) => other.name !== name && path.every((segment, index) => other.path[index] === segment),
    )
    if (crossed) throw new Error(`json: expected a place of its own for ${crossed.name}, got one within ${name}`)
  }
}

/** Sets a field, even one that is called `__proto__`. */
const setField = (object: Record<string, unknown>, name: string, value: unknown): void => {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}

const placeField = (json: Record<string, unknown>, path: readonly string[], value: unknown): void => {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    setField(json, name, value)
    return
  }
  const inner = (ownField(json, name) ?? {}) as Record<string, unknown>
  placeField(inner, rest, value)
  setField(json, name, inner)
}
