import type { TObject, TSchema } from 'typebox'

/** A field of a CSV row. Undefined if nothing is between the delimiters, not even quotes. */
export type Field = string | undefined

/** A column of a schema. */
export type Column = {
  readonly name: string
  /** What a missing field becomes: no field, null, or a fault. */
  readonly missing: 'left out' | 'null' | 'fault'
  /** What an error message says that this column expects. */
  readonly expected: string
  /** Undefined if the text is not a value of this type. */
  readonly read: (text: string) => string | number | boolean | undefined
}

/**
 * The columns of an object of text, numbers and booleans. Throws if it contains any other type, which CSV cannot hold.
 */
export const listColumns = ({ properties, required }: TObject): readonly Column[] =>
  Object.entries(properties).map(([name, schema]) => {
    const types = new Set(typesOf(schema))
    const isNullable = types.delete('null')
    const [type, ...others] = types
    const kind = type === undefined || others.length > 0 ? undefined : kinds[type]
    if (kind === undefined || name === '__proto__') {
      throw new Error(`csv: expected ${name} to be text, a number or a boolean, got ${[...types].join(' or ')}`)
    }
    return {
      name,
      missing: isNullable
        ? 'null'
        : (required as readonly string[] | undefined)?.includes(name) === true
          ? 'fault'
          : 'left out',
      ...kind,
    }
  })

const integer = /^[+-]?\d+$/
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const nonZeroDigit = /^[^eE]*[1-9]/

/**
 * Reads a number. Refuses an integer that would be rounded, and a value that is too small for a double and would become
 * 0.
 */
const readNumber = (text: string): number | undefined => {
  if (!decimal.test(text)) return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || (value === 0 && nonZeroDigit.test(text))) return undefined
  if (integer.test(text) && !Number.isSafeInteger(value)) return undefined
  return value === 0 ? 0 : value
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['t', true],
  ['false', false],
  ['f', false],
])

const integerKind: Pick<Column, 'expected' | 'read'> = {
  expected: 'an integer between -2^53 and 2^53',
  read: (text) => (integer.test(text) ? readNumber(text) : undefined),
}

const kinds: Readonly<Record<string, Pick<Column, 'expected' | 'read'> | undefined>> = {
  string: { expected: 'text', read: (text) => text },
  integer: integerKind,
  number: { expected: 'a number', read: readNumber },
  // Excel writes TRUE, Python True, PostgreSQL t.
  boolean: { expected: 'true or false', read: (text) => booleans.get(text.toLowerCase()) },
}

/** The JSON Schema names of a schema's type, or of its members' types if it is a union. */
const typesOf = (schema: TSchema): readonly string[] => {
  const { type, anyOf, enum: values } = schema as SchemaParts
  if (typeof type === 'string') return [type]
  if (Array.isArray(anyOf)) return anyOf.flatMap(typesOf)
  return Array.isArray(values) ? values.map((value) => (value === null ? 'null' : typeof value)) : ['anything']
}

type SchemaParts = { readonly type?: unknown; readonly anyOf?: readonly TSchema[]; readonly enum?: readonly unknown[] }
