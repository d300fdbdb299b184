import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { Field } from './csv-columns.js'

/** A line of a CSV; an empty line is one field that is missing. */
export type Line = readonly Field[]

export type ParsedLines =
  { readonly ok: true; readonly lines: readonly Line[] } | { readonly ok: false; readonly message: string }

const byteOrderMark = '\ufeff'
const hasQuoteOrBreak = /["\r\n]/

/** Reads all lines of a text, each ended by CRLF, LF, CR or the end. Fields are text still. */
export const parseLines = (given: string, delimiter: string): ParsedLines => {
  const text = given.startsWith(byteOrderMark) ? given.slice(1) : given
  return hasQuoteOrBreak.test(text) ? parseAnyLines(text, delimiter) : parsePlainLine(text, delimiter)
}

/** Most messages are one line without quotes, for which the library takes 50 times as long. */
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

/** Quotes what would be read as missing, or as the mark at the beginning of a file. */
const quotedAsWell = /^(?:$|\ufeff)/

/** Writes a line without its end. One missing field alone is a line break: a record cannot be empty. */
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
