import { parseJson } from './formats/json-text.js'

/** A number with the digits that the record has: `29.0` stays `29.0`. */
class NumberText {
  constructor(readonly text: string) {}
}

/** A record of a result's topic, as bytes. A tombstone's value is null. */
export type ResultRecord = { readonly key: Buffer | null; readonly value: Buffer | null }

/** The header line, without its line break. Column names hold no comma and no quote ({@link columnName}). */
export const formatHeader = (columns: readonly string[]): string => columns.join(',')

export const columnName = /^(?:\$key|\$deleted|[A-Za-z_][\w-]*(?:\.[\w-]+)*)$/

/**
 * Makes the function that turns a JSON record into a row, without its line break. Text is quoted, and quotes are doubled
 * (RFC 4180); numbers keep the record's digits; missing fields and null are empty; lists and objects are quoted JSON.
 * Undefined for a value that is not a JSON object.
 */
export const createFormatRow = (columns: readonly string[]): ((record: ResultRecord) => string | undefined) => {
  const readers = columns.map(createReadColumn)
  return (record) => {
    const value = record.value === null ? {} : parseObject(record.value)
    return value && readers.map((read) => read(record, value)).join(',')
  }
}

type Fields = Readonly<Record<string, unknown>>

const createReadColumn = (column: string): ((record: ResultRecord, value: Fields) => string) => {
  if (column === '$key') return ({ key }) => (key === null ? '' : quote(key.toString('utf8')))
  if (column === '$deleted') return ({ value }) => String(value === null)
  const path = column.split('.')
  return (_record, value) => formatField(path.reduce<unknown>(fieldOf, value))
}

const fieldOf = (value: unknown, name: string): unknown =>
  isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)

const parseObject = (bytes: Buffer): Fields | undefined => {
  const parsed = parseJson(bytes)
  if (!parsed.ok || !isFields(parsed.value)) return undefined
  const keepDigits = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value
  return JSON.parse(bytes.toString('utf8'), keepDigits) as Fields
}

const formatField = (field: unknown): string => {
  if (field === undefined || field === null) return ''
  if (field instanceof NumberText) return field.text
  if (typeof field === 'boolean') return String(field)
  return quote(typeof field === 'string' ? field : stringify(field))
}

const stringify = (field: unknown): string => {
  if (field instanceof NumberText) return field.text
  if (Array.isArray(field)) return `[${field.map(stringify).join(',')}]`
  if (!isFields(field)) return JSON.stringify(field)
  return `{${Object.entries(field)
    .map(([name, value]) => `${JSON.stringify(name)}:${stringify(value)}`)
    .join(',')}}`
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
