/** What is known of a log that is not read to its end. Times are monotonic ms, but for that of the record: epoch ms. */
export type UnreadLog = {
  /** Since when it is looked at. */
  readonly watchedSinceMs: number
  /** When nothing was left to read, last; undefined: not yet seen. */
  readonly drainedAtMs: number | undefined
  /** Kafka's timestamp of the record that was read last. */
  readonly lastRecordAtMs: number | undefined
}

/**
 * How many seconds the oldest unread record has waited, as far as can be told without reading it: no longer than since
 * everything was read, and than since the record before it was written. Of a log in which nothing was read yet, no
 * more is known than how long it is looked at.
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
