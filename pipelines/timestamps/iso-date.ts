import { parseDate, type ParsedDate } from './parse-date.js'
import { quote } from './quote.js'
import { reject, type Rejection } from './reasons.js'

/** Which dates are read: only those that strftime prints (`strict`), or also those of ISO 8601 (`iso`). */
export type DateForms = 'strict' | 'iso'

const isoShape =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})0*)?(?: ?(?:(Z)|([+-]\d{2})(?::?(\d{2})(?::?(\d{2}))?)?))?$/

/**
 * Reads what `parseDate` reads, and ISO 8601 as other languages print it: `T`, 0 to 6 digits of fraction, more if they
 * are zeros, `Z`, `±hh`, `±hh:mm`. Python's isoformat omits a fraction of 0.
 */
export const parseIsoDate = (text: string): ParsedDate | Rejection => {
  const [found, day, time, fraction = '', utc, hours, minutes = '00', seconds = ''] = isoShape.exec(text) ?? []
  if (found === undefined || day === undefined || time === undefined) {
    return reject(
      'date_not_in_format',
      `Expected date to be like 2024-02-05 10:01:52.884548 -0500 or 2024-02-05T10:01:52-05:00, got ${quote(text)}`,
    )
  }
  const offset = utc === undefined ? hours && ` ${hours}${minutes}${seconds}` : ' +0000'
  const parsed = parseDate(`${day} ${time}.${fraction.padEnd(6, '0')}${offset ?? ''}`)
  const isAbsent = !parsed.ok && parsed.reason === 'date_does_not_exist'
  return isAbsent ? reject(parsed.reason, `Expected date to be one that exists, got ${quote(text)}`) : parsed
}
