import type { Batch, FetchedPartition, KafkaMessage } from 'kafkajs'
import { indexBatches, type BatchIndex, type FetchedBytes } from './batch-index.js'
import { createFetchedBatch, type FetchedBatch } from './fetched-batch.js'
import { createMemoryBudget } from './memory-budget.js'
import { createRunMemory, type RunMemory } from './memory.js'
import type { ReadLimits } from './record-chunks.js'

/** What KafkaJS hands to `eachBatch`: all that it asks of a batch itself, and ours. */
export type ConsumedBatch = Batch & {
  readonly fetched: FetchedBatch
  readonly fetchedOffset: string
  /** Whether KafkaJS is to pass over the batch: something came, but nothing to be shown. */
  readonly isEmptyDueToFiltering: () => boolean
  readonly isEmptyControlRecord: () => boolean
}

export type BatchReaderOptions = {
  /** What of the key, the value and all headers of a compressed record larger than a chunk is kept, in bytes each. */
  readonly maxValueBytes?: number
  readonly chunkBytes?: number
  readonly memory?: RunMemory
  /** What the streams of all partitions that are decompressed at a time may take. */
  readonly streamBytes?: number
}

export type CreateBatch = (topic: string, fetchedOffset: string, data: FetchedPartition) => ConsumedBatch

/**
 * Makes the function that reads the bytes of a fetch response for KafkaJS (patches/README.md, `createBatch`). Emptiness
 * is judged by record batches: what holds none that a reader may see never reaches `eachBatch`, but is passed over.
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
    // As many as there are record batches, and none of them there: KafkaJS asks how many there are, and steps over
    // control records behind the last one, which `fetched` does itself.
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

/** Where the batches begin, from the offset on that was asked for. A compressed message of v0 or v1 does not tell. */
const findFirstOffset = ({ all }: BatchIndex, from: number): number | undefined => {
  const [first] = all
  if (!first) return undefined
  return first.magic < 2 && first.compression !== 'none' ? from : Math.max(from, first.firstOffset)
}
