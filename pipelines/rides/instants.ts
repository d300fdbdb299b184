import { createZoneOffset } from '@kafka-etl/common'
import { resolveLocalTime, type LocalTimePolicy } from '../timestamps/local-time.js'
import { formatLocalDatetime } from './local-datetime.js'

export const zone = 'America/New_York'

export type RideInstant =
  | { readonly ok: true; readonly epochMs: number }
  | {
      readonly ok: false
      readonly reason: 'local_time_ambiguous' | 'local_time_skipped' | 'datetime_not_valid'
      readonly message: string
    }

/** The years 0001 to 9999, in wall clock milliseconds. */
const firstMs = -62_135_596_800_000
const lastMs = 253_402_300_799_999

/** Whole wall clock milliseconds, rounded down. */
export const wholeMs = (localMicros: bigint): number => {
  const ms = localMicros / 1_000n
  return Number(ms * 1_000n > localMicros ? ms - 1n : ms)
}

/** Creates the function that turns New York's wall clock time into an instant, both in whole milliseconds. */
export const createToInstant = (policy: LocalTimePolicy): ((name: string, localMs: number) => RideInstant) => {
  const offsetAt = createZoneOffset(zone)
  return (name, localMs) => {
    if (localMs < firstMs || localMs > lastMs) {
      const message = `Expected ${name} to be in the years 0001 to 9999, got ${localMs} ms since 1970`
      return { ok: false, reason: 'datetime_not_valid', message }
    }
    const localSeconds = Math.floor(localMs / 1_000)
    const resolved = resolveLocalTime(localSeconds, offsetAt, policy)
    if (resolved.ok) return { ok: true, epochMs: resolved.epochSeconds * 1_000 + (localMs - localSeconds * 1_000) }
    const { reason } = resolved
    const times = reason === 'local_time_ambiguous' ? 'twice' : 'not at all'
    const message = `Expected ${name} to be a time that the clocks of ${zone} showed once, got ${formatLocalDatetime(localMs)}, which they showed ${times}`
    return { ok: false, reason, message }
  }
}
