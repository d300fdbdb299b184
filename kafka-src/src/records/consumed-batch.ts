import type { Batch, FetchedPartition, KafkaMessage } from 'kafkajs'
import { indexBatches, type BatchIndex, type FetchedBytes } from './batch-index.js'
import { createFetchedBatch, type FetchedBatch } from './fetched-batch.js'
import { createMemoryBudget } from './memory-budget.js'
import { createRunMemory, type RunMemory } from './memory.js'
import type { ReadLimits } from './record-chunks.js'

/** The batch that KafkaJS passes to `eachBatch`: what KafkaJS itself needs, and our additions. */
export type ConsumedBatch = Batch & {
  readonly fetched: FetchedBatch
  readonly fetchedOffset: string
  /** True if the broker returned batches but none of them is visible. KafkaJS then skips the batch. */
  readonly isEmptyDueToFiltering: () => boolean
  readonly isEmptyControlRecord: () => boolean
}

export type BatchReaderOptions = {
  /** How many bytes to keep of the key, of the value and of all headers of a compressed record larger than a chunk. */
  readonly maxValueBytes?: number
  readonly chunkBytes?: number
  readonly memory?: RunMemory
  /** The memory for decompression streams, over all partitions. */
  readonly streamBytes?: number
}

export type CreateBatch = (topic: string, fetchedOffset: string, data: FetchedPartition) => ConsumedBatch

/**
 * Creates the function that reads the bytes of a fetch response for KafkaJS (patches/README.md, `createBatch`). A
 * response without visible record batches never reaches `eachBatch`; KafkaJS skips it.
 */
export const createBatchReader = (options: BatchReaderOptions = {}): CreateBatch => {
  const limits: ReadLimits = {
    maxValueBytes: options.maxValueBytes ?? 1_048_576,
    chunkBytes: options.chunkBytes ?? 1_048_576,
    memory: options.memory ?? createRunMemory(),
    budget: createMemoryBudget(options.streamBytes ?? 25_165_824),
  }
  return (topic, fetchedOffset, { partition, highWatermark, messages, abortedTransactions }) => {
    const bytes: FetchedBytes = {
      topic,
      partition,
      fetchedOffset: BigInt(fetchedOffset),
      bytes: messages,
      abortedTransactions: abortedTransactions ?? [],
    }
    return createConsumedBatch(bytes, highWatermark, limits)
  }
}

const createConsumedBatch = (bytes: FetchedBytes, highWatermark: string, limits: ReadLimits): ConsumedBatch => {
  const index = indexBatches(bytes)
  const { all, visible } = index
  const fetched = createFetchedBatch(bytes, index, limits)
  const end = BigInt(highWatermark) - 1n
  const firstOffset = findFirstOffset(index, Number(bytes.fetchedOffset))
  const lastOffset = all.length > 0 ? fetched.lastOffset : end
  return {
    topic: bytes.topic,
    partition: bytes.partition,
    highWatermark,
    fetched,
    fetchedOffset: String(bytes.fetchedOffset),
    // One empty slot per record batch. KafkaJS only uses the length, and skips control records after the last one;
    // `fetched` does that itself.
    messages: Array<KafkaMessage>(visible.length),
    isEmpty: () => visible.length === 0,
    isEmptyDueToFiltering: () => visible.length === 0 && all.length > 0,
    isEmptyControlRecord: () => visible.length === 0 && all.some(({ isControl }) => isControl),
    firstOffset: () => (firstOffset === undefined ? null : String(firstOffset)),
    lastOffset: () => String(lastOffset),
    offsetLag: () => String(end - lastOffset),
    offsetLagLow: () => (firstOffset === undefined ? '0' : String(end - BigInt(firstOffset))),
  }
}

/**
 * The first offset of the batches, but not before the requested one. A compressed message of v0 or v1 does not say
 * where it begins.
 */
const findFirstOffset = ({ all }: BatchIndex, from: number): number | undefined => {
  const [first] = all
  if (!first) return undefined
  return first.magic < 2 && first.compression !== 'none' ? from : Math.max(from, first.firstOffset)
}
