import { reject, type Rejection } from '../reject-reason.js'

/** The fields of an input record that the pipeline reads; any others are ignored. The message is read when needed. */
export type Log = { readonly ok: true; readonly date: string; readonly readMessage: () => string }

/** Reads the fields off a record's text. Of a name that stands there twice the last one counts, as in JSON.parse. */
export const readLog = (text: string): Log | Rejection => {
  const parsed = parseJson(text)
  if (!parsed.ok) return reject('value_not_json', 'Expected JSON, got something else')
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return reject('value_not_object', `Expected a JSON object, got ${typeName(value)}`)
  }
  const date = readText(value, 'date')
  if (!date.ok) return date
  const message = readText(value, 'message')
  return message.ok ? { ok: true, date: date.text, readMessage: () => message.text } : message
}

const parseJson = (text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } => {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false }
  }
}

/** Own properties only: a `__proto__` in the text is a field like any other and lends its fields to nobody. */
const readText = (record: object, field: string): { readonly ok: true; readonly text: string } | Rejection => {
  if (!Object.hasOwn(record, field)) return reject('field_missing', `Expected the field ${field}, got none`)
  const value: unknown = (record as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string'
    ? { ok: true, text: value }
    : reject('field_not_text', `Expected the field ${field} to be text, got ${typeName(value)}`)
}

const typeName = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
