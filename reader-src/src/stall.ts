/** How long each partition has stood still though there was something to read. */
export type Stalls = ReadonlyMap<number, { readonly next: number; readonly stalledMs: number }>

/** Where a partition stands, and how much is left to read in it. */
export type Progress = { readonly next: number; readonly lag: number }

/** A process that was asleep, or a broker that did not answer, is no stall: a look counts for no more than this. */
const longestStepMs = 5_000

/** What is known after one more look, `elapsedMs` after the one before. */
export const advanceStalls = (before: Stalls, progress: ReadonlyMap<number, Progress>, elapsedMs: number): Stalls => {
  const step = Math.min(elapsedMs, longestStepMs)
  return new Map(
    [...progress].map(([partition, { next, lag }]) => {
      const known = before.get(partition)
      const stands = lag > 0 && known?.next === next
      return [partition, { next, stalledMs: stands ? known.stalledMs + step : 0 }]
    }),
  )
}

export const longestStallMs = (stalls: Stalls): number =>
  Math.max(0, ...[...stalls.values()].map(({ stalledMs }) => stalledMs))
