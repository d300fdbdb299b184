import { isUtf8 } from 'node:buffer'
import type { RecordView } from '@kafka-etl/kafka'
import { isFormula } from '@kafka-etl/pipeline'
import { reserve, type RowBuffer } from './row-buffer.js'
import type { CsvOptions } from './timestamps-row.js'

const timestampKey = Buffer.from('{"timestamp":')
const messageKey = Buffer.from(',"message":"')
const timeKey = Buffer.from('","time":')
const diffKey = Buffer.from(',"diff":')

const comma = 0x2c
const quote = 0x22
const backslash = 0x5c
const closingBrace = 0x7d
const lineFeed = 0x0a
const apostrophe = 0x27

/** Longer numbers may be infinite; the full parser decides. */
const longestNumber = 32

/** A record's value, by its position in the bytes. */
export type ValueBytes = Pick<RecordView, 'buffer' | 'valueStart' | 'valueLength'>

/**
 * Appends the row of a record in exactly the ETL's shape, directly from its bytes. For every other record it appends
 * nothing and returns false; `formatTimestampsRow` handles those. When it returns true, both produce the same row; a
 * property test compares them.
 */
export const appendFastRow = (
  rows: RowBuffer,
  { buffer: value, valueStart, valueLength }: ValueBytes,
  { spreadsheetSafe }: CsvOptions,
): boolean => {
  const end = valueStart + valueLength
  if (!hasBytesAt(value, valueStart, end, timestampKey)) return false
  const timestampStart = valueStart + timestampKey.length
  const timestampEnd = endOfNumber(value, timestampStart, end)
  if (timestampEnd < 0 || !hasBytesAt(value, timestampEnd, end, messageKey)) return false
  const messageStart = timestampEnd + messageKey.length
  const messageEnd = endOfPlainText(value, messageStart, end)
  if (messageEnd < 0 || !hasBytesAt(value, messageEnd, end, timeKey)) return false
  const timeStart = messageEnd + timeKey.length
  const timeEnd = endOfNumber(value, timeStart, end)
  if (timeEnd < 0 || !hasBytesAt(value, timeEnd, end, diffKey)) return false
  const diffStart = timeEnd + diffKey.length
  const diffEnd = endOfNumber(value, diffStart, end)
  if (diffEnd + 1 !== end || value[diffEnd] !== closingBrace) return false

  reserve(rows, valueLength)
  const { bytes } = rows
  let at = copy(value, timestampStart, timestampEnd, bytes, rows.length)
  bytes[at++] = comma
  bytes[at++] = quote
  if (spreadsheetSafe && messageEnd > messageStart && isFormula(value[messageStart] ?? 0)) bytes[at++] = apostrophe
  at = copy(value, messageStart, messageEnd, bytes, at)
  bytes[at++] = quote
  bytes[at++] = comma
  at = copy(value, timeStart, timeEnd, bytes, at)
  bytes[at++] = comma
  at = copy(value, diffStart, diffEnd, bytes, at)
  bytes[at++] = lineFeed
  rows.length = at
  return true
}

const hasBytesAt = (bytes: Buffer, start: number, end: number, expected: Buffer): boolean => {
  if (start + expected.length > end) return false
  for (let index = 0; index < expected.length; index++) {
    if (bytes[start + index] !== expected[index]) return false
  }
  return true
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** The index after the JSON number without exponent that starts here, or -1. RFC 8259, section 6. */
const endOfNumber = (bytes: Buffer, start: number, end: number): number => {
  let at = bytes[start] === 0x2d ? start + 1 : start
  const firstDigit = at
  while (at < end && isDigit(bytes[at])) at++
  if (at === firstDigit || (bytes[firstDigit] === 0x30 && at > firstDigit + 1)) return -1
  if (at < end && bytes[at] === 0x2e) {
    const firstDecimal = ++at
    while (at < end && isDigit(bytes[at])) at++
    if (at === firstDecimal) return -1
  }
  return at - start > longestNumber ? -1 : at
}

/** The index of the quote that ends a JSON text without escapes, or -1 if the full parser is needed. */
const endOfPlainText = (bytes: Buffer, start: number, end: number): number => {
  let seenBits = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte === quote) return seenBits < 0x80 || isUtf8(bytes.subarray(start, at)) ? at : -1
    if (byte === backslash || byte < 0x20) return -1
    seenBits |= byte
  }
  return -1
}

const copy = (source: Buffer, start: number, end: number, target: Buffer, targetStart: number): number => {
  // Below this length a loop is faster than the call into native code.
  if (end - start > 48) return targetStart + source.copy(target, targetStart, start, end)
  let at = targetStart
  for (let index = start; index < end; index++) target[at++] = source[index] ?? 0
  return at
}
