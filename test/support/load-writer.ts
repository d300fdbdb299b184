import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadRecord } from './log-generator.js'
import type { Oracle } from './oracle.js'

/** A record that the broker acknowledged. */
export type LedgerEntry = {
  readonly id: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}
export type Ledger = {
  readonly acknowledged: readonly LedgerEntry[]
  readonly refused: readonly { readonly id: string; readonly reason: string }[]
}

export type WriteLoadOptions = {
  readonly oracle: Oracle
  readonly records: readonly LoadRecord[]
  /** Records per second; by default as fast as possible. */
  readonly perSecond?: number
  /** Records per call of the Java producer; by default 500. */
  readonly chunkSize?: number
  /** Ends the writing after the current chunk. */
  readonly signal?: AbortSignal
}

/** Writes a load with the Java producer and records what was acknowledged, and where. */
export const writeLoad = async (options: WriteLoadOptions): Promise<Ledger> => {
  const { oracle, records, perSecond = Number.POSITIVE_INFINITY, signal } = options
  const chunkSize = options.chunkSize ?? Math.max(1, Math.min(500, Math.ceil(perSecond / 20)))
  const acknowledged: LedgerEntry[] = []
  const refused: { id: string; reason: string }[] = []
  const startMs = performance.now()
  for (let from = 0; from < records.length && signal?.aborted !== true; from += chunkSize) {
    const chunk = records.slice(from, from + chunkSize)
    const outcomes = await oracle.write(chunk)
    outcomes.forEach((outcome, index) => {
      const { id = '', topic = '' } = chunk[index] ?? {}
      if (outcome.ok) acknowledged.push({ id, topic, partition: outcome.partition, offset: outcome.offset })
      else refused.push({ id, reason: outcome.reason })
    })
    const dueMs = startMs + ((from + chunk.length) * 1_000) / perSecond
    if (dueMs > performance.now()) await sleep(dueMs - performance.now())
  }
  return { acknowledged, refused }
}
