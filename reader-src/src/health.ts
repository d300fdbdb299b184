import { longestSilenceMs, type Health } from '@kafka-etl/common'

/** What the running reader knows about itself. */
export type ReaderHealth = {
  isJoined: boolean
  /** All that was committed at its start is in the file. */
  isCaughtUp: boolean
  isPaused: boolean
  /** For how long the broker has not answered. */
  silentMs: number
  /** Kafka's timestamp of the record that was read last, ms since 1970; undefined: none was read yet. */
  lastRecordAtMs: number | undefined
  /** A sentence, once nothing moves although there is lag. */
  stall: string | undefined
}

export const createHealth = (): ReaderHealth => ({
  isJoined: false,
  isCaughtUp: false,
  isPaused: false,
  silentMs: 0,
  lastRecordAtMs: undefined,
  stall: undefined,
})

export const livenessOf = ({ stall }: ReaderHealth): Health =>
  stall === undefined ? { ok: true } : { ok: false, reason: stall }

export const readinessOf = ({ isJoined, isCaughtUp, isPaused, silentMs }: ReaderHealth): Health => {
  if (isPaused) return { ok: false, reason: 'paused: the disk of results.csv is full' }
  if (!isJoined) return { ok: false, reason: 'has not joined its consumer group yet' }
  if (silentMs > longestSilenceMs)
    return { ok: false, reason: `no answer from Kafka for ${Math.round(silentMs / 1000)} s` }
  if (!isCaughtUp) return { ok: false, reason: 'still reading what was committed before its start' }
  return { ok: true }
}

/** For how long each partition has not moved although there was something to read. */
export type Stalls = ReadonlyMap<number, { readonly next: number; readonly stalledMs: number }>

/** The offset that a partition reads next, and how many are left to read. */
export type PartitionLag = { readonly next: number; readonly lag: number }

/** A process that was asleep, or a broker that did not answer, is no stall: one check counts for no more than this. */
const longestStepMs = 5_000

/** What is known after one more check, `elapsedMs` after the one before. */
export const advanceStalls = (before: Stalls, lags: ReadonlyMap<number, PartitionLag>, elapsedMs: number): Stalls => {
  const step = Math.min(elapsedMs, longestStepMs)
  return new Map(
    [...lags].map(([partition, { next, lag }]) => {
      const known = before.get(partition)
      const isStalled = lag > 0 && known?.next === next
      return [partition, { next, stalledMs: isStalled ? known.stalledMs + step : 0 }]
    }),
  )
}

export const longestStallMs = (stalls: Stalls): number =>
  Math.max(0, ...[...stalls.values()].map(({ stalledMs }) => stalledMs))
