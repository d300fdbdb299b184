import type { TSchema } from 'typebox'
import { ownField } from '../own-field.js'

/** From a field to where it stands in the JSON: `owner.name`, or a JSON Pointer (RFC 6901), `/owner/name`. */
export type FieldPaths = Readonly<Record<string, string | undefined>>

export type FieldMap = {
  /** An object of the schema's fields alone. What is no object, or lacks a field, stays without it. */
  readonly pick: (json: unknown) => Record<string, unknown>
  /** The JSON from which `pick` reads the same fields. */
  readonly place: (value: Readonly<Record<string, unknown>>) => Record<string, unknown>
}

/** Throws if the schema has no such field, or a path leads through another. */
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

/** A field, even if it is called `__proto__`. */
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
