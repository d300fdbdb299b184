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
  /** Records a second; as fast as it goes unless told otherwise. */
  readonly perSecond?: number
  /** Records a call of the Java producer: 500. */
  readonly chunkSize?: number
  /** Ends the writing after the chunk under way. */
  readonly signal?: AbortSignal
}

/** Writes a load with the Java producer and keeps the ledger of what was acknowledged, where. */
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
