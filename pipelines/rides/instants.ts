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

/** The years 0001 to 9999, in wall clock microseconds. */
const firstMicros = -62_135_596_800_000_000n
const lastMicros = 253_402_300_799_999_999n

/**
 * Creates the function that turns New York's wall clock time, in microseconds, into an instant, in whole milliseconds.
 */
export const createToInstant = (policy: LocalTimePolicy): ((name: string, localMicros: bigint) => RideInstant) => {
  const offsetAt = createZoneOffset(zone)
  return (name, localMicros) => {
    if (localMicros < firstMicros || localMicros > lastMicros) {
      const message = `Expected ${name} to be in the years 0001 to 9999, got ${localMicros} µs`
      return { ok: false, reason: 'datetime_not_valid', message }
    }
    const localMs = Number(BigInt.asIntN(64, localMicros - (((localMicros % 1_000n) + 1_000n) % 1_000n)) / 1_000n)
    const localSeconds = Math.floor(localMs / 1_000)
    const resolved = resolveLocalTime(localSeconds, offsetAt, policy)
    if (resolved.ok) return { ok: true, epochMs: resolved.epochSeconds * 1_000 + (localMs - localSeconds * 1_000) }
    const { reason } = resolved
    const times = reason === 'local_time_ambiguous' ? 'twice' : 'not at all'
    const message = `Expected ${name} to be a time that the clocks of ${zone} showed once, got ${formatLocalDatetime(localMs)}, which they showed ${times}`
    return { ok: false, reason, message }
  }
}
