import { daysFromCivil, daysInMonth } from './civil-date.js'
import { quote } from './quote.js'
import { reject, type Rejection } from './reasons.js'

/**
 * A date as it was printed. `localSeconds` counts its fields as if they were UTC; without an offset, its zone applies.
 */
export type ParsedDate = {
  readonly ok: true
  readonly localSeconds: number
  /** The microsecond of the second, 0 to 999999. */
  readonly micros: number
  readonly offsetSeconds: number | undefined
}

const dateLength = 'YYYY-MM-DD HH:MM:SS.ffffff'.length
const lengthWithMinutes = dateLength + ' -0500'.length
const lengthWithSeconds = dateLength + ' -045602'.length

/**
 * Reads `%Y-%m-%d %H:%M:%S.%f %z` with an optional offset: `2024-02-05 10:01:52.884548 -0500`. The offset may have
 * seconds, as strftime prints those of local mean times. Years 0001 to 9999; integers only: nothing is rounded.
 */
export const parseDate = (text: string): ParsedDate | Rejection => {
  if (!hasShape(text)) {
    return reject('date_not_in_format', `Expected date to be like 2024-02-05 10:01:52.884548 -0500, got ${quote(text)}`)
  }
  const localSeconds = readFields(text)
  if (Number.isNaN(localSeconds)) {
    return reject('date_does_not_exist', `Expected date to be one that exists, got ${quote(text)}`)
  }
  const offsetSeconds = text.length === dateLength ? undefined : readOffset(text)
  if (offsetSeconds !== undefined && Number.isNaN(offsetSeconds)) {
    return reject(
      'offset_out_of_range',
      `Expected an offset from -2359 to +2359, got ${quote(text.slice(dateLength + 1))}`,
    )
  }
  return { ok: true, localSeconds, micros: digits(text, 20, 6), offsetSeconds }
}

const shape = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}(?: [+-]\d{4}(?:\d{2})?)?$/

// Checks the length first: without that, a long text would run through the whole pattern.
const hasShape = (text: string): boolean =>
  (text.length === dateLength || text.length === lengthWithMinutes || text.length === lengthWithSeconds) &&
  shape.test(text)

const readFields = (text: string): number => {
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)]
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)]
  const exists = year >= 1 && day >= 1 && day <= daysInMonth(year, month) && hour <= 23 && minute <= 59 && second <= 59
  return exists ? daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second : Number.NaN
}

const readOffset = (text: string): number => {
  const hours = digits(text, 28, 2)
  const minutes = digits(text, 30, 2)
  const seconds = text.length === lengthWithSeconds ? digits(text, 32, 2) : 0
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN
  const offset = hours * 3600 + minutes * 60 + seconds
  return text.charAt(27) === '-' ? 0 - offset : offset
}

const zero = '0'.charCodeAt(0)

/** The number in `count` digits from `start`; `text` must contain digits there. */
const digits = (text: string, start: number, count: number): number => {
  let value = 0
  for (let at = start; at < start + count; at++) value = value * 10 + text.charCodeAt(at) - zero
  return value
}
