import type { SchemaType } from '../schemas/registered-schema.js'

/*
 * The parts of a registry's responses that this suite reads. The checks are hand-written: a library that compiles
 * checks would be half of a service's code.
 */
export type ReferenceAnswer = { readonly name: string; readonly subject: string; readonly version: number }
export type SchemaAnswer = {
  readonly schema: string
  /** Absent means AVRO. */
  readonly schemaType?: SchemaType
  readonly references?: readonly ReferenceAnswer[] | null
}
type Id = { readonly id: number }
type Version = SchemaAnswer & Id & { readonly version: number }
type Verdict = { readonly is_compatible: boolean; readonly messages?: readonly string[] | null }
type Level = { readonly compatibilityLevel: string } | { readonly compatibility: string }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isText = (value: unknown): value is string => typeof value === 'string'

const isListOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] =>
  Array.isArray(value) && value.every(isItem)

const isNone = (value: unknown): value is undefined | null => value === undefined || value === null

const isReference = (value: unknown): value is ReferenceAnswer =>
  isObject(value) && isText(value.name) && isText(value.subject) && Number.isInteger(value.version)

const types: readonly unknown[] = ['AVRO', 'JSON', 'PROTOBUF', undefined]

const isSchema = (value: unknown): value is SchemaAnswer =>
  isObject(value) &&
  isText(value.schema) &&
  types.includes(value.schemaType) &&
  (isNone(value.references) || isListOf(value.references, isReference))

const isId = (value: unknown): value is Id => isObject(value) && Number.isInteger(value.id)

/** The checks of the responses. */
export const answers = {
  schema: isSchema,
  id: isId,
  version: (value: unknown): value is Version =>
    isSchema(value) && isId(value) && 'version' in value && Number.isInteger(value.version),
  subjects: (value: unknown): value is readonly string[] => isListOf(value, isText),
  verdict: (value: unknown): value is Verdict =>
    isObject(value) &&
    typeof value.is_compatible === 'boolean' &&
    (isNone(value.messages) || isListOf(value.messages, isText)),
  level: (value: unknown): value is Level =>
    isObject(value) && (isText(value.compatibilityLevel) || isText(value.compatibility)),
}
