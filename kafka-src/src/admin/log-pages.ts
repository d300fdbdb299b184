import type { Admin } from 'kafkajs'
import { indexBatches } from '../records/batch-index.js'
import { createFetchedBatch, type FetchedBatch } from '../records/fetched-batch.js'
import { createMemoryBudget } from '../records/memory-budget.js'
import { createRunMemory } from '../records/memory.js'
import type { ReadLimits } from '../records/record-chunks.js'
import { fetchBytes, type FetchQuery } from '../requests/fetch.js'

/** A stretch of offsets that one record batch takes. */
export type BatchSpan = {
  readonly firstOffset: number
  readonly lastOffset: number
  /** The records that a reader may see: 0 for the marks of transactions, and for what was aborted. */
  readonly records: number
  /** Of its first record, epoch ms. */
  readonly timestampMs: number
}

/** What a fetch brought of one partition, read without a consumer group. */
export type LogPage = {
  readonly fetched: FetchedBatch
  /** All batches, in order. */
  readonly spans: readonly BatchSpan[]
  /** Where the next page begins; the offset asked for, if nothing came. */
  readonly nextOffset: bigint
  /** Behind the last record that a reader of committed records may see. */
  readonly stableEnd: bigint
  /** Of the answer. */
  readonly bytes: number
}

export type ReadLogPage = (query: FetchQuery) => Promise<LogPage>

const keptBytes = 1_048_576

/** Reads pages of logs over an admin's connections. */
export const createReadLogPage = (admin: Admin): ReadLogPage => {
  const limits: ReadLimits = {
    maxValueBytes: keptBytes,
    chunkBytes: keptBytes,
    memory: createRunMemory(),
    budget: createMemoryBudget(24 * keptBytes),
  }
  return async (query) => {
    const { topic, partition, offset } = query
    const { bytes, abortedTransactions, stableEnd } = await fetchBytes(admin, query)
    const answer = { topic, partition, fetchedOffset: offset, bytes, abortedTransactions }
    const index = indexBatches(answer)
    const visible = new Set(index.visible)
    const fetched = createFetchedBatch(answer, index, limits)
    return {
      fetched,
      spans: index.all.map((batch) => ({
        firstOffset: batch.firstOffset,
        lastOffset: batch.lastOffset,
        records: visible.has(batch) ? batch.count : 0,
        timestampMs: Number(batch.logAppendTime ?? batch.firstTimestamp),
      })),
      nextOffset: fetched.lastOffset + 1n,
      stableEnd,
      bytes: bytes.length,
    }
  }
}
