import { daysFromCivil, daysInMonth } from './civil-date.js'

/** The `epochSeconds` of bytes that are not a date. */
export const secondsOfNoDate = Number.NEGATIVE_INFINITY

export type PlainDate = { readonly epochSeconds: number; readonly micros: number; readonly offsetSeconds: number }

const noDate: PlainDate = { epochSeconds: secondsOfNoDate, micros: 0, offsetSeconds: 0 }

/**
 * Reads `2024-02-05 10:01:52.884548 -0500` from the 32 bytes at `at`, which must exist. This is `parseDate` for the
 * form of nearly all dates, without creating a string. It does not say what is wrong with any other.
 */
export const readPlainDate = (bytes: Uint8Array, at: number): PlainDate => {
  if (!hasSeparators(bytes, at)) return noDate
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2)
  const month = twoDigits(bytes, at + 5)
  const day = twoDigits(bytes, at + 8)
  const hour = twoDigits(bytes, at + 11)
  const minute = twoDigits(bytes, at + 14)
  const second = twoDigits(bytes, at + 17)
  if (!(year >= 1 && year <= 9999 && day >= 1 && day <= daysInMonth(year, month))) return noDate
  if (hour > 23 || minute > 59 || second > 59) return noDate
  const micros = twoDigits(bytes, at + 20) * 10_000 + twoDigits(bytes, at + 22) * 100 + twoDigits(bytes, at + 24)
  const offsetHours = twoDigits(bytes, at + 28)
  const offsetMinutes = twoDigits(bytes, at + 30)
  if (micros > 999_999 || offsetHours > 23 || offsetMinutes > 59) return noDate
  const offset = offsetHours * 3600 + offsetMinutes * 60
  const offsetSeconds = bytes[at + 27] === minus ? 0 - offset : offset
  const localSeconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
  return { epochSeconds: localSeconds - offsetSeconds, micros, offsetSeconds }
}

const minus = 0x2d
const plus = 0x2b
const space = 0x20
const colon = 0x3a
const point = 0x2e

const hasSeparators = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 4] === minus &&
  bytes[at + 7] === minus &&
  bytes[at + 10] === space &&
  bytes[at + 13] === colon &&
  bytes[at + 16] === colon &&
  bytes[at + 19] === point &&
  bytes[at + 26] === space &&
  (bytes[at + 27] === minus || bytes[at + 27] === plus)

/** Exceeds every range that it is compared with, whatever it is multiplied by. */
const noNumber = 10_000_000

/** Of all bytes, only the ten digits are below 10 after their common bits are flipped. */
const twoDigits = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] ?? 0) ^ 0x30
  const ones = (bytes[at + 1] ?? 0) ^ 0x30
  return tens > 9 || ones > 9 ? noNumber : tens * 10 + ones
}
