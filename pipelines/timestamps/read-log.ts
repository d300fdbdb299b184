import { reject, type Rejection } from './reasons.js'
import { quote } from './quote.js'

/** The fields of an input record that the pipeline reads; it ignores others. The message is read on demand. */
export type Log = { readonly ok: true; readonly date: string; readonly readMessage: () => string }

/** Reads the fields from a record's text. If a name occurs twice, the last one counts, as in JSON.parse. */
export const readLog = (text: string): Log | Rejection => {
  const parsed = parseJson(text)
  if (!parsed.ok) return reject('value_not_json', `Expected JSON, got ${quote(text)}: ${parsed.fault}`)
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return reject('value_not_object', `Expected a JSON object, got ${typeName(value)}`)
  }
  const date = readText(value, 'date')
  if (!date.ok) return date
  const message = readText(value, 'message')
  return message.ok ? { ok: true, date: date.text, readMessage: () => message.text } : message
}

type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: string }

const parseJson = (text: string): ParsedJson => {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, fault: describeFault(text, error instanceof Error ? error.message : '') }
  }
}

/** What is wrong, and at which character from 0. V8's message quotes the text unescaped: only its numbers are used. */
const describeFault = (text: string, sentence: string): string => {
  if (text.startsWith('\ufeff')) return 'it begins with a byte order mark'
  const nulAt = text.indexOf('\0')
  if (nulAt >= 0) return `it has a NUL at position ${nulAt}`
  const position = /at position (\d+)/.exec(sentence)?.[1]
  if (sentence.startsWith('Unexpected non-whitespace character after JSON') && position !== undefined) {
    return `it goes on after the end of the value, at position ${position}`
  }
  if (sentence.startsWith('Unexpected end')) return `it ends too early, after ${text.length} characters`
  return position === undefined
    ? 'it has a character that JSON does not have there'
    : `it is wrong at position ${position}`
}

/** Reads own properties only: `__proto__` in the text is an ordinary field and adds no fields to others. */
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
