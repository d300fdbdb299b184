/**
 * What is known of a log that is not read to its end. Times are monotonic ms, except that of the record, which is epoch
 * ms.
 */
export type UnreadLog = {
  /** When watching the log began. */
  readonly watchedSinceMs: number
  /** When the log was last read to its end; undefined: not yet. */
  readonly drainedAtMs: number | undefined
  /** Kafka's timestamp of the last record read. */
  readonly lastRecordAtMs: number | undefined
}

/**
 * An upper bound of how many seconds the oldest unread record has waited, without reading it. It arrived after the log
 * was last read to its end, and after the previous record was written. If nothing was read yet, the bound is the time
 * since watching began.
 */
export const ageOfLag = (
  { watchedSinceMs, drainedAtMs, lastRecordAtMs }: UnreadLog,
  now: { readonly monotonicMs: number; readonly epochMs: number },
): number => {
  const bounds = [
    ...(drainedAtMs === undefined ? [] : [now.monotonicMs - drainedAtMs]),
    ...(lastRecordAtMs === undefined ? [] : [now.epochMs - lastRecordAtMs]),
  ]
  const ms = bounds.length === 0 ? now.monotonicMs - watchedSinceMs : Math.min(...bounds)
  return Math.max(0, ms) / 1000
}
