import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { Field } from './csv-columns.js'

/** A line of a CSV. An empty line has one missing field. */
export type Line = readonly Field[]

export type ParsedLines =
  { readonly ok: true; readonly lines: readonly Line[] } | { readonly ok: false; readonly message: string }

const byteOrderMark = '\ufeff'
const hasQuoteOrBreak = /["\r\n]/

/** Parses all lines of a text; each ends with CRLF, LF, CR or the end of the text. Fields stay text. */
export const parseLines = (given: string, delimiter: string): ParsedLines => {
  const text = given.startsWith(byteOrderMark) ? given.slice(1) : given
  return hasQuoteOrBreak.test(text) ? parseAnyLines(text, delimiter) : parsePlainLine(text, delimiter)
}

/** A fast path: most messages are one line without quotes, for which the library takes 50 times as long. */
const parsePlainLine = (text: string, delimiter: string): ParsedLines => ({
  ok: true,
  lines: [text.split(delimiter).map((field) => (field === '' ? undefined : field))],
})

export const parseAnyLines = (text: string, delimiter: string): ParsedLines => {
  try {
    const lines: Line[] = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      cast: (field, { quoting }) => (field === '' && !quoting ? undefined : field),
    })
    return { ok: true, lines }
  } catch (error) {
    return { ok: false, message: describeFault(error) }
  }
}

const faults: Readonly<Record<string, string | undefined>> = {
  CSV_QUOTE_NOT_CLOSED: 'expected a quote that ends the field, got the end of the record',
  INVALID_OPENING_QUOTE: 'expected quotes around a whole field, got one inside of it',
  CSV_INVALID_CLOSING_QUOTE: 'expected the end of the field behind its quote, got more text',
}

const describeFault = (error: unknown): string => {
  const { code, lines } = error as { readonly code?: string; readonly lines?: number }
  const fault = faults[code ?? ''] ?? 'expected CSV, got another text'
  return lines === undefined ? fault : `line ${lines}: ${fault}`
}

/** Also quotes what a reader would take for missing, or for a byte order mark. */
const quotedAsWell = /^(?:$|\ufeff)/

/**
 * Writes a line without its line break. A single missing field becomes a line break, since a record cannot be empty.
 */
export const formatLine = (
  fields: readonly (string | number | boolean | null | undefined)[],
  delimiter: string,
): string =>
  stringify([fields], {
    delimiter,
    eof: false,
    quoted_match: quotedAsWell,
    cast: { boolean: String },
  }) || '\n'
