import { createHash } from 'node:crypto'
import { ownField } from './own-field.js'

/** A key that is a UUID derived from the source of the output: a retry produces the same one. */
export const unique = Object.freeze({ kind: 'unique' })

/** How to derive the key of a record: from the value, from some of its columns, or from the position of the input. */
export type Key<Value> =
  ((value: Value) => string) | readonly [keyof Value & string, ...(keyof Value & string)[]] | typeof unique

/** `source` is the value of the output's `source` header. Throws if the value gives no key. */
export type MakeKey = (value: unknown, source: string) => string

/** A single column becomes a text key; several become a JSON array. A missing or null column gives no key. */
export const createMakeKey = (key: Key<Record<string, unknown>>): MakeKey => {
  if (typeof key === 'function') return key as MakeKey
  if ('kind' in key) return (_value, source) => uuidOf(source)
  const [first, ...others] = key
  if (others.length === 0) return (value) => textOf(columnOf(value, first), first)
  return (value) => JSON.stringify(key.map((name) => columnOf(value, name)))
}

const columnOf = (value: unknown, name: string): unknown => {
  const column = ownField(value, name)
  if (column !== undefined && column !== null) return column
  throw new Error(`expected ${name} to be part of the key, got ${column === null ? 'null' : 'nothing'}`)
}

const textOf = (column: unknown, name: string): string => {
  if (typeof column === 'string') return column
  if (typeof column === 'number' || typeof column === 'boolean') return String(column)
  throw new Error(`expected ${name} to be text, a number or a boolean for the key, got ${typeof column}`)
}

/** The namespace of this suite's keys, a random constant. */
const namespace = Buffer.from('5d0c5d4bb0b64e0c9a3f0b6e2f6f7c11', 'hex')

const versionByte = 6
const variantByte = 8

/** A UUID of version 5 (RFC 9562), which is always the same for the same name. */
export const uuidOf = (name: string): string => {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
  bytes[versionByte] = ((bytes[versionByte] ?? 0) & 0x0f) | 0x50
  bytes[variantByte] = ((bytes[variantByte] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
