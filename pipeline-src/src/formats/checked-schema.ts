import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { refuse, type Refused } from './format.js'

/** Compiles a schema into a check. The fault names the field, what was expected, and what came. */
export const compileCheck = (schema: TSchema): ((value: unknown) => Refused | undefined) => {
  const compiled = Compile(schema)
  return (value) => {
    if (compiled.Check(value)) return undefined
    const fault = findDeepest(compiled.Errors(value))
    const path = fault?.instancePath ?? ''
    const expected = fault?.message.replace(/^must /, '') ?? 'match the schema'
    return refuse('value_not_valid', `expected ${nameOf(path)} to ${expected}, got ${describeAt(value, path)}`)
  }
}

type Fault = { readonly instancePath: string; readonly message: string }

/** A union lists the faults of each member. The deepest fault says most. */
const findDeepest = (faults: readonly Fault[]): Fault | undefined =>
  faults.reduce<Fault | undefined>(
    (deepest, fault) =>
      deepest && segmentsOf(deepest.instancePath).length >= segmentsOf(fault.instancePath).length ? deepest : fault,
    undefined,
  )

const segmentsOf = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))

/** `station.id`, or "the value" for the whole. */
const nameOf = (path: string): string => segmentsOf(path).join('.') || 'the value'

const mostCharacters = 60

const describeAt = (value: unknown, path: string): string => {
  const found = segmentsOf(path).reduce<unknown>(
    (at, segment) => (isRecord(at) && Object.hasOwn(at, segment) ? at[segment] : undefined),
    value,
  )
  // JSON.stringify returns undefined for a function or undefined, although its type does not say so.
  const text = (JSON.stringify(found) as string | undefined) ?? typeof found
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
