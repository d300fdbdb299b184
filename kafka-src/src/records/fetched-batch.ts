import type { BatchIndex, FetchedBytes } from './batch-index.js'
import { readChunks, type ReadLimits, type RecordChunk } from './record-chunks.js'

/** What a fetch brought of one partition. */
export type FetchedBatch = {
  readonly topic: string
  readonly partition: number
  /** What was asked for. */
  readonly fetchedOffset: bigint
  /** Of the last record batch, whatever it holds; one before `fetchedOffset` if none came. */
  readonly lastOffset: bigint
  /**
   * The record batches that hold what a reader of committed records may see. `maxValueBytes`: how much is kept of the key
   * and of the value of a compressed record that is larger than a chunk; the view counts the rest as missing.
   */
  readonly chunks: (maxValueBytes?: number) => AsyncIterable<RecordChunk>
}

export const createFetchedBatch = (
  fetched: FetchedBytes,
  { all, visible }: BatchIndex,
  limits: ReadLimits,
): FetchedBatch => {
  const { topic, partition, fetchedOffset } = fetched
  const lastOffset = BigInt(all.at(-1)?.lastOffset ?? Number(fetchedOffset) - 1)
  return {
    topic,
    partition,
    fetchedOffset,
    lastOffset,
    chunks: (maxValueBytes = limits.maxValueBytes) =>
      readChunks(fetched, visible, lastOffset, { ...limits, maxValueBytes }),
  }
}
