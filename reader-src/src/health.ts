import { longestSilenceMs, type Health } from '@kafka-etl/common'

/** What the running reader knows of itself. */
export type ReaderHealth = {
  isJoined: boolean
  /** All that was committed at its start is in the file. */
  isCaughtUp: boolean
  isPaused: boolean
  /** How long the broker has not answered. */
  silentMs: number
  /** Kafka's timestamp of the record that was read last, ms since 1970; undefined: none was read yet. */
  lastRecordAtMs: number | undefined
  /** A sentence, once nothing moves though there is lag. */
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
