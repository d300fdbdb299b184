import type { BatchIndex, FetchedBytes } from './batch-index.js'
import { readChunks, type ReadLimits, type RecordChunk } from './record-chunks.js'

/** The result of fetching one partition. */
export type FetchedBatch = {
  readonly topic: string
  readonly partition: number
  /** The requested offset. */
  readonly fetchedOffset: bigint
  /** The last offset of the last record batch, whatever it holds; `fetchedOffset - 1` if the fetch returned none. */
  readonly lastOffset: bigint
  /**
   * The record batches that a read_committed consumer sees. `maxValueBytes`: how many bytes to keep of the key and of
   * the value of a compressed record larger than a chunk; the view counts the rest as missing.
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
