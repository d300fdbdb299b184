import { daysFromCivil, daysInMonth } from '../timestamps/civil-date.js'

/** Microseconds on a wall clock since it showed 1970-01-01 00:00:00. Undefined for a date that no calendar has. */
export const parseLocalDatetime = (text: string): bigint | undefined => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[- :]/).map(Number)
  const isTime = hour < 24 && minute < 60 && second < 60
  if (year < 1 || day < 1 || day > daysInMonth(year, month) || !isTime) return undefined
  return BigInt(daysFromCivil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000n
}

/** `YYYY-MM-DD HH:MM:SS`, the fraction left out. */
export const formatLocalDatetime = (localMs: number): string =>
  new Date(localMs).toISOString().slice(0, 19).replace('T', ' ')
