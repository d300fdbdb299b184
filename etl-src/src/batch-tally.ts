/** What became of the records of a batch, in numbers. */
export type BatchTally = {
  /** The number of input records. */
  recordCount: number
  outputCount: number
  /** Counts by reason. */
  readonly rejected: Map<string, number>
  readonly dropped: Map<string, number>
  readonly warned: Map<string, number>
  /** Kafka's timestamp of the last input record in epoch ms; undefined if there is none. */
  lastTimestampMs: number | undefined
  lastRejection: { readonly offset: number; readonly reason: string } | undefined
  /** The event time of the last output in ms since 1970; undefined if it has none. */
  lastEventTimeMs: number | undefined
}

export const createTally = (): BatchTally => ({
  recordCount: 0,
  outputCount: 0,
  rejected: new Map(),
  dropped: new Map(),
  warned: new Map(),
  lastTimestampMs: undefined,
  lastRejection: undefined,
  lastEventTimeMs: undefined,
})

export const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
