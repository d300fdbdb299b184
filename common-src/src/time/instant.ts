/**
 * A point in time, exact to the microsecond in the years 0001 to 9999. A double of milliseconds is not exact from 2255
 * on. `epochMs` is the number of whole milliseconds since 1970-01-01T00:00:00Z, rounded down: `microsOfMs` is always 0
 * to 999, also before 1970.
 */
export type Instant = { readonly epochMs: number; readonly microsOfMs: number }

/**
 * Milliseconds since the epoch as a decimal number without trailing zeros: `1707217879632.242`, `0`, `-0.001`. Uses
 * integers only, since a double cannot hold microseconds from the year 2255 on.
 */
export const formatEpochMs = ({ epochMs, microsOfMs }: Instant): string => {
  if (microsOfMs === 0) return String(epochMs)
  if (epochMs >= 0) return `${epochMs}.${fraction(microsOfMs)}`
  return `-${-epochMs - 1}.${fraction(1000 - microsOfMs)}`
}

const fraction = (micros: number): string => {
  const digits = String(micros).padStart(3, '0')
  return digits.endsWith('00') ? digits.slice(0, 1) : digits.endsWith('0') ? digits.slice(0, 2) : digits
}
