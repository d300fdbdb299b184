import { daysFromCivil, daysInMonth } from '../timestamps/civil-date.js'

const shape = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/
const zero = 0x30

/** Reads two digits without creating a substring: it is called many times for each ride. */
const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - zero) * 10 + (text.charCodeAt(at + 1) - zero)

/** Wall clock milliseconds since 1970-01-01 00:00:00. Undefined for a date that does not exist. */
export const parseLocalDatetime = (text: string): number | undefined => {
  if (!shape.test(text)) return undefined
  const [year, month, day] = [twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8)]
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)]
  const isTime = hour < 24 && minute < 60 && second < 60
  if (year < 1 || day < 1 || day > daysInMonth(year, month) || !isTime) return undefined
  return (daysFromCivil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000
}

/** `YYYY-MM-DD HH:MM:SS`, without the fraction. */
export const formatLocalDatetime = (localMs: number): string =>
  new Date(localMs).toISOString().slice(0, 19).replace('T', ' ')
