import { isUtf8 } from 'node:buffer'
import type { Format } from './formats/format.js'

/** A number with the digits of the record: `29.0` stays `29.0`. */
class NumberText {
  constructor(readonly text: string) {}
}

/** A record of a result's topic, as bytes. The value is null for a tombstone. */
export type ResultRecord = { readonly key: Buffer | null; readonly value: Buffer | null }

/** A row without its line break, or the reason why the record has none. The reason quotes nothing of the record. */
export type FormattedRow =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

export type RowOptions = {
  /** The format of the topic's values; the default is JSON. */
  readonly format?: Format<unknown> | undefined
  /** Puts `'` before text that a spreadsheet would take for a formula. */
  readonly spreadsheetSafe?: boolean
}

/** The header line, without its line break. Column names contain no comma and no quote ({@link columnName}). */
export const formatHeader = (columns: readonly string[]): string => columns.join(',')

/**
 * `$key`, `$deleted`, or field names from the outermost to the innermost, with dots between them. A name contains no
 * comma, quote or control character. The ranges list what it may contain: \p{Control} makes a service load 5 MB of
 * tables.
 */
export const columnName = /^(?:\$key|\$deleted|(?!\$)[ !#-+\-/-~\u00a0-\uffff]+(?:\.[ !#-+\-/-~\u00a0-\uffff]+)*)$/

/**
 * Whether a spreadsheet takes a cell that starts with this character for a formula: = + - @ TAB CR, and NUL, which some
 * skip. OWASP, "CSV Injection".
 */
export const isFormula = (firstCharacter: number): boolean => formulaStarts.includes(firstCharacter)

const formulaStarts: readonly number[] = Array.from('=+-@\t\r\0', (character) => character.charCodeAt(0))

/**
 * Creates the function that turns a record into a row. It quotes text and doubles quotes (RFC 4180). JSON numbers keep
 * the digits of the record. Missing fields and null are empty, booleans are bare, lists and objects are quoted JSON. It
 * never throws; a value that is not an object has no row. Half of a surrogate pair becomes U+FFFD in UTF-8.
 */
export const createFormatRow = (
  columns: readonly string[],
  { format, spreadsheetSafe = false }: RowOptions = {},
): ((record: ResultRecord) => FormattedRow) => {
  const quoteText = spreadsheetSafe ? quoteSafely : quote
  const readers = columns.map((column) => createReadColumn(column, quoteText))
  const readObject = format === undefined || format.name === 'json' ? readJsonObject : createDecodeObject(format)
  return (record) => {
    const read = record.value === null ? noFields : readObject(record.value)
    if (!read.ok) return read
    return { ok: true, text: readers.map((readColumn) => readColumn(record, read.fields)).join(',') }
  }
}

type Fields = Readonly<Record<string, unknown>>
type ReadObject = { readonly ok: true; readonly fields: Fields } | { readonly ok: false; readonly reason: string }

const noFields: ReadObject = { ok: true, fields: {} }

const refuse = (expected: string, got: string): ReadObject => ({
  ok: false,
  reason: `expected ${expected}, got ${got}`,
})

const createReadColumn = (
  column: string,
  quoteText: (text: string) => string,
): ((record: ResultRecord, fields: Fields) => string) => {
  if (column === '$key') return ({ key }) => (key === null ? '' : quoteText(key.toString('utf8')))
  if (column === '$deleted') return ({ value }) => String(value === null)
  const [name = '', ...rest] = column.split('.')
  if (rest.length === 0) return (_record, fields) => formatField(fieldOf(fields, name), quoteText)
  return (_record, fields) => formatField(rest.reduce(fieldOf, fieldOf(fields, name)), quoteText)
}

const fieldOf = (value: unknown, name: string): unknown =>
  isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)

const readJsonObject = (bytes: Buffer): ReadObject => {
  if (bytes.length === 0) return refuse('a JSON object', 'an empty value')
  if (!isUtf8(bytes)) return refuse('UTF-8', 'other bytes')
  const text = bytes.toString('utf8')
  try {
    const plain: unknown = JSON.parse(text)
    if (!isFields(plain)) return refuse('a JSON object', 'another JSON value')
    // The text equals the output of JSON.stringify, which writes the outputs of steps: each number has the record's
    // digits.
    if (JSON.stringify(plain) === text) return { ok: true, fields: plain }
    return { ok: true, fields: JSON.parse(text, keepDigits) as Fields }
  } catch {
    // Or it is nested so deeply that the recursion overflows.
    return refuse('JSON', 'other text')
  }
}

const keepDigits = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value

const createDecodeObject =
  (format: Format<unknown>) =>
  (bytes: Buffer): ReadObject => {
    const decoded = format.decode(bytes)
    if (!decoded.ok) return refuse(`a value of the format ${format.name}`, `one that it refuses (${decoded.reason})`)
    const { value } = decoded
    if (value === null) return noFields
    return isFields(value) ? { ok: true, fields: value } : refuse('an object', 'another value')
  }

const formatField = (field: unknown, quoteText: (text: string) => string): string => {
  if (field === undefined || field === null) return ''
  if (typeof field === 'string') return quoteText(field)
  if (typeof field === 'number' || typeof field === 'boolean' || typeof field === 'bigint') return String(field)
  if (field instanceof NumberText) return field.text
  if (field instanceof Uint8Array) return quote(Buffer.from(field).toString('base64'))
  return quote(stringify(field))
}

const stringify = (field: unknown): string => {
  if (field instanceof NumberText) return field.text
  if (typeof field === 'bigint') return String(field)
  if (field instanceof Uint8Array) return JSON.stringify(Buffer.from(field).toString('base64'))
  if (Array.isArray(field)) return `[${field.map(stringify).join(',')}]`
  if (!isFields(field)) return JSON.stringify(field)
  const members = Object.entries(field).filter(([, value]) => value !== undefined)
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${stringify(value)}`).join(',')}}`
}

const quote = (text: string): string => (text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`)

const quoteSafely = (text: string): string => quote(isFormula(text.charCodeAt(0)) ? `'${text}` : text)
