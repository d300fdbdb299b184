import type { Admin } from 'kafkajs'
import { indexBatches } from '../records/batch-index.js'
import { createFetchedBatch, type FetchedBatch } from '../records/fetched-batch.js'
import { createMemoryBudget } from '../records/memory-budget.js'
import { createRunMemory } from '../records/memory.js'
import type { ReadLimits } from '../records/record-chunks.js'
import { fetchBytes, type FetchQuery } from '../requests/fetch.js'

/** The range of offsets of one record batch. */
export type BatchSpan = {
  readonly firstOffset: number
  readonly lastOffset: number
  /** How many records a consumer sees: 0 for transaction markers and aborted records. */
  readonly records: number
  /** The timestamp of the first record in epoch ms. */
  readonly timestampMs: number
}

/** The result of fetching one partition without a consumer group. */
export type LogPage = {
  readonly fetched: FetchedBatch
  /** All batches, in order. */
  readonly spans: readonly BatchSpan[]
  /** Where the next page begins: the requested offset if the fetch returned nothing. */
  readonly nextOffset: bigint
  /** The last stable offset: the end of what a read_committed consumer sees. */
  readonly stableEnd: bigint
  /** The size of the response. */
  readonly bytes: number
}

export type ReadLogPage = (query: FetchQuery) => Promise<LogPage>

const keptBytes = 1_048_576

/** Creates a function that reads pages of logs over an admin's connections. */
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
