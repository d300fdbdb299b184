import { longestSilenceMs, type Health } from '@kafka-etl/common'

/** The state of the running reader's work on one result. */
export type ResultHealth = {
  /** The CSV file, within RESULTS_DIR. */
  readonly path: string
  /** The topic does not exist yet. */
  isTopicMissing: boolean
  isJoined: boolean
  /** Everything that was committed at the reader's start is in the file. */
  isCaughtUp: boolean
  isPaused: boolean
  /** For how long the broker has not answered. */
  silentMs: number
  /** Kafka's timestamp of the last record read, ms since 1970; undefined: none was read yet. */
  lastRecordAtMs: number | undefined
  /** A sentence, once nothing moves although there is lag. */
  stall: string | undefined
}

export const createHealth = (path: string): ResultHealth => ({
  path,
  isTopicMissing: false,
  isJoined: false,
  isCaughtUp: false,
  isPaused: false,
  silentMs: 0,
  lastRecordAtMs: undefined,
  stall: undefined,
})

/** Alive if the work on each result is. */
export const livenessOf = (results: readonly ResultHealth[]): Health => findFault(results, ({ stall }) => stall)

/** Ready if each result is. A result whose topic does not exist yet has nothing to catch up with. */
export const readinessOf = (results: readonly ResultHealth[]): Health => findFault(results, findUnreadiness)

const findUnreadiness = (result: ResultHealth): string | undefined => {
  const { path, isTopicMissing, isJoined, isCaughtUp, isPaused, silentMs } = result
  if (isPaused) return `paused: the disk of ${path} is full`
  if (isTopicMissing) return undefined
  if (!isJoined) return 'has not joined its consumer group yet'
  if (silentMs > longestSilenceMs) return `no answer from Kafka for ${Math.round(silentMs / 1000)} s`
  return isCaughtUp ? undefined : 'still reading what was committed before its start'
}

const findFault = (results: readonly ResultHealth[], find: (result: ResultHealth) => string | undefined): Health => {
  for (const result of results) {
    const reason = find(result)
    if (reason !== undefined) return { ok: false, reason: results.length === 1 ? reason : `${result.path}: ${reason}` }
  }
  return { ok: true }
}

/** For how long each partition has not moved although there was something to read. */
export type Stalls = ReadonlyMap<number, { readonly next: number; readonly stalledMs: number }>

/** The next offset of a partition, and how many are left to read. */
export type PartitionLag = { readonly next: number; readonly lag: number }

/** A process that slept, or a broker that did not answer, is not a stall: one check counts for at most this long. */
const longestStepMs = 5_000

/** The stalls after another check, `elapsedMs` after the previous one. */
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
