import type { ZoneOffset } from '@kafka-etl/common'

/** What to do with a local time that a clock change repeats or skips. */
export type LocalTimePolicy = 'reject' | 'earlier' | 'later'

export type LocalTime =
  | { readonly ok: true; readonly epochSeconds: number }
  | {
      readonly ok: false
      readonly reason: 'local_time_ambiguous' | 'local_time_skipped'
      readonly offsets: [number, number]
    }

const daySeconds = 86_400

/**
 * The instant at which the clocks of a zone showed `localSeconds` (fields counted as if they were UTC). If a clock
 * change repeats or skips this time, `earlier` and `later` pick one of the two possible instants, like Temporal's
 * `disambiguation`: for a skipped hour, those given by the offsets after and before the change.
 */
export const resolveLocalTime = (localSeconds: number, offsetAt: ZoneOffset, policy: LocalTimePolicy): LocalTime => {
  const before = offsetAt(localSeconds - daySeconds)
  const after = offsetAt(localSeconds + daySeconds)
  const wasBefore = offsetAt(localSeconds - before) === before
  const wasAfter = before !== after && offsetAt(localSeconds - after) === after
  if (wasBefore !== wasAfter) return { ok: true, epochSeconds: localSeconds - (wasBefore ? before : after) }
  // Of two possible instants, the larger offset gives the earlier one.
  const [larger, smaller] = before > after ? [before, after] : [after, before]
  switch (policy) {
    case 'earlier':
      return { ok: true, epochSeconds: localSeconds - larger }
    case 'later':
      return { ok: true, epochSeconds: localSeconds - smaller }
    case 'reject':
      return {
        ok: false,
        reason: wasBefore ? 'local_time_ambiguous' : 'local_time_skipped',
        offsets: wasBefore ? [larger, smaller] : [smaller, larger],
      }
  }
}
