import { Format } from 'typebox/format'

/** What the value of a keyword must be. Schemas inside it are checked, too. */
type Kind = 'schema' | 'schemas' | 'schemas by name' | 'dependencies' | ((value: unknown) => boolean)

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number'
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isAny = (): boolean => true

const types: readonly unknown[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
const isType = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every((type) => types.includes(type)) : types.includes(value)

const named = (kind: Kind, names: string): readonly (readonly [string, Kind])[] =>
  names.split(' ').map((name) => [name, kind])

/** The keywords of drafts 6 to 2020-12 that are checked, and those that check nothing. */
const keywords: ReadonlyMap<string, Kind> = new Map([
  ...named('schema', 'additionalItems additionalProperties contains else if not propertyNames then'),
  ...named('schema', 'contentSchema unevaluatedItems unevaluatedProperties'),
  ...named('schemas', 'allOf anyOf items oneOf prefixItems'),
  ...named('schemas by name', '$defs definitions dependentSchemas patternProperties properties'),
  ...named('dependencies', 'dependencies dependentRequired'),
  ...named(isNumber, 'exclusiveMaximum exclusiveMinimum maximum minimum multipleOf'),
  ...named(isCount, 'maxContains maxItems maxLength maxProperties minContains minItems minLength minProperties'),
  ...named(isBoolean, '$recursiveAnchor deprecated readOnly uniqueItems writeOnly'),
  ...named(isText, '$anchor $comment $dynamicAnchor $dynamicRef $id $recursiveRef $ref $schema'),
  ...named(isText, 'contentEncoding contentMediaType description pattern title'),
  ...named(isTexts, 'required'),
  ...named(isType, 'type'),
  ...named(isAny, 'const default examples'),
  ...named((value) => Array.isArray(value), 'enum'),
  ...named((value) => typeof value === 'string' && Format.Has(value), 'format'),
])

/** Names that tools add, such as `x-owner` or `connect.index`: no draft has such keywords. */
const isNote = (name: string): boolean => /[-.:]/.test(name)

/**
 * The first keyword of a JSON Schema that would not be checked: an unknown one, or one with an invalid value, such as
 * `exclusiveMinimum: true` of draft 4. Undefined if all are checked.
 */
export const findOddKeyword = (schema: unknown, path = '#'): string | undefined => {
  if (typeof schema === 'boolean') return undefined
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return `${show(schema)} at ${path}`
  for (const [name, value] of Object.entries(schema)) {
    const odd = isNote(name) ? undefined : findOddValue(keywords.get(name), value, `${path}/${name}`)
    if (odd !== undefined) return odd
  }
  return undefined
}

const findOddValue = (kind: Kind | undefined, value: unknown, path: string): string | undefined => {
  if (kind === undefined) return path
  if (typeof kind === 'function') return kind(value) ? undefined : `${show(value)} at ${path}`
  if (kind === 'schema') return findOddKeyword(value, path)
  if (kind === 'schemas') return Array.isArray(value) ? findOddPart(value, path) : findOddKeyword(value, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${show(value)} at ${path}`
  if (kind === 'schemas by name') return findOddPart(value, path)
  return findOddPart(Object.fromEntries(Object.entries(value).filter(([, names]) => !isTexts(names))), path)
}

const findOddPart = (parts: object, path: string): string | undefined => {
  for (const [name, part] of Object.entries(parts)) {
    const odd = findOddKeyword(part, `${path}/${name}`)
    if (odd !== undefined) return odd
  }
  return undefined
}

const show = (value: unknown): string => JSON.stringify(value)
