import { isUtf8 } from 'node:buffer'
import { isFormula, type FormattedRow } from '@kafka-etl/pipeline'

/** The columns of the default pipeline's result. */
export const timestampsColumns: readonly string[] = ['timestamp', 'message', 'time', 'diff']

export type CsvOptions = {
  /** Puts `'` before text that a spreadsheet would take for a formula. */
  readonly spreadsheetSafe: boolean
}

/**
 * The row of one record of the default pipeline: `1707217879632.242,"11",1707217879944,1`. Copies the text of numbers:
 * no digit goes through a double. Never throws; for a record that the ETL did not write, it returns a reason, which
 * quotes nothing of it. An escaped lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
 */
export const formatTimestampsRow = (value: Buffer | null, { spreadsheetSafe }: CsvOptions): FormattedRow => {
  if (value === null || value.length === 0) return refuse('a JSON object', 'an empty value')
  if (!isUtf8(value)) return refuse('UTF-8', 'other bytes')
  const parsed = parseWithNumberTexts(value.toString('utf8'))
  if (!parsed.ok) return refuse('JSON', 'other text')
  const { value: json } = parsed
  if (typeof json !== 'object' || json === null || Array.isArray(json) || isNumberText(json)) {
    return refuse('a JSON object', 'another JSON value')
  }
  return formatFields(new Map(Object.entries(json)), spreadsheetSafe)
}

const formatFields = (fields: ReadonlyMap<string, unknown>, spreadsheetSafe: boolean): FormattedRow => {
  const timestamp = textOfNumber(fields.get('timestamp'))
  const message = fields.get('message')
  const time = textOfNumber(fields.get('time'))
  const diff = textOfNumber(fields.get('diff'))
  if (timestamp === undefined) return refuse('a number as timestamp', 'none')
  if (typeof message !== 'string') return refuse('text as message', 'none')
  if (time === undefined) return refuse('a number as time', 'none')
  if (diff === undefined) return refuse('a number as diff', 'none')
  const safe = spreadsheetSafe && isFormula(message.charCodeAt(0)) ? `'${message}` : message
  return { ok: true, text: `${timestamp},"${safe.replaceAll('"', '""')}",${time},${diff}` }
}

const refuse = (expected: string, got: string): FormattedRow => ({
  ok: false,
  reason: `expected ${expected}, got ${got}`,
})

const numberText = Symbol('number text')
type NumberText = { readonly [numberText]: string }

const isNumberText = (value: unknown): value is NumberText =>
  typeof value === 'object' && value !== null && numberText in value

const textOfNumber = (value: unknown): string | undefined => (isNumberText(value) ? value[numberText] : undefined)

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
// The third argument is part of ES2025; TypeScript's library lacks it.
const parseJson = JSON.parse as (text: string, reviver: Reviver) => unknown

const keepNumberText: Reviver = (_key, value, { source }) =>
  typeof value === 'number' && Number.isFinite(value) && source !== undefined ? { [numberText]: source } : value

type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false }

const parseWithNumberTexts = (text: string): ParsedJson => {
  try {
    return { ok: true, value: parseJson(text, keepNumberText) }
  } catch {
    // Not JSON, or nested so deeply that the reviver's recursion overflows: neither is a record of the ETL.
    return { ok: false }
  }
}
