import { withoutAborted, type AbortedTransaction } from './aborted-transactions.js'
import { CorruptBytesError, CorruptRecordsError } from './corrupt-records.js'
import { asCorrupt, decompressionMemoryBytes, decompressStream, decompressWhole } from './decompression.js'
import { decompressStretches, type StretchLimits } from './decompressed-stretches.js'
import type { MemoryBudget } from './memory-budget.js'
import { messageHeadBytes } from './message-set.js'
import { holdsChecksum, readRecordBatches, type RecordBatch } from './record-batch.js'
import { moveToNext, openStretch, plainStretch, stretchOf, type RecordStretch } from './record-stretch.js'
import { RecordView } from './record-view.js'

/** Records to be visited in their order, once or again. */
export type Records = {
  /** How many at most: those before the offset that was asked for are counted, but not shown. */
  readonly length: number
  /** Shows one record after the other. It is the same view each time: what is to stay has to be copied. */
  readonly forEach: (visit: (record: RecordView) => void) => void
  /** The same for a visit that has to be waited for. */
  readonly [Symbol.iterator]: () => Iterator<RecordView>
}

/** Records to be read once, in order. */
export type RecordViews = Pick<Records, 'forEach'>

/** As many records as fit into bounded memory. Valid until the next chunk is asked for. */
export type RecordChunk = {
  readonly records: Records
  /** Where to go on from when these are done; of the last chunk, the offset behind the batch. */
  readonly nextOffset: bigint
}

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

export type FetchedBytes = {
  readonly topic: string
  readonly partition: number
  readonly fetchedOffset: bigint
  readonly bytes: Buffer
  readonly abortedTransactions: readonly AbortedTransaction[]
}

export type ReadLimits = StretchLimits & { readonly budget: MemoryBudget }

/** The record batches of a fetch, from the offset on that was asked for: a batch comes whole though that is within it. */
export type BatchIndex = {
  readonly all: readonly RecordBatch[]
  /** Without control batches, aborted transactions, and batches that compaction has emptied. */
  readonly visible: readonly RecordBatch[]
}

export const indexBatches = ({
  topic,
  partition,
  fetchedOffset,
  bytes,
  abortedTransactions,
}: FetchedBytes): BatchIndex => {
  try {
    const from = Number(fetchedOffset)
    const all = readRecordBatches(bytes).filter(({ lastOffset }) => lastOffset >= from)
    return { all, visible: withoutAborted(all, abortedTransactions).filter((batch) => mayHoldRecords(batch, from)) }
  } catch (error) {
    throw toCorruptRecords(error, { topic, partition, offset: fetchedOffset, isSound: false })
  }
}

/** Compaction may have taken all of a batch's records, or those from the offset on; of a compressed one nobody knows. */
const mayHoldRecords = (batch: RecordBatch, from: number): boolean =>
  batch.count > 0 &&
  (batch.firstOffset >= from ||
    batch.compression !== 'none' ||
    moveToNext(openStretch(plainStretch(batch), new RecordView(), from)))

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

async function* readChunks(
  fetched: FetchedBytes,
  batches: readonly RecordBatch[],
  lastOffset: bigint,
  limits: ReadLimits,
): AsyncGenerator<RecordChunk, void> {
  const chunkOf = (stretches: readonly RecordStretch[], nextOffset: number | bigint): RecordChunk => ({
    records: toRecords(fetched, stretches),
    nextOffset: BigInt(nextOffset),
  })
  let stretches: RecordStretch[] = []
  let bytes = 0
  let nextOffset = Number(fetched.fetchedOffset)
  for (const batch of batches) {
    const whole = readWhole(fetched, batch, limits.chunkBytes)
    if (stretches.length > 0 && (!whole || bytes + whole.bytes > limits.chunkBytes)) {
      yield chunkOf(stretches, nextOffset)
      stretches = []
      bytes = 0
    }
    if (whole) {
      stretches.push(whole.stretch)
      bytes += whole.bytes
    } else {
      let left = batch.count
      for await (const stretch of readStream(fetched, batch, limits)) {
        left -= stretch.count
        const isLast = left === 0 && batch === batches.at(-1)
        yield chunkOf([stretch], isLast ? lastOffset + 1n : nextOffsetOf(stretch))
        if (isLast) return
      }
    }
    nextOffset = batch.lastOffset + 1
  }
  yield chunkOf(stretches, lastOffset + 1n)
}

type Whole = { readonly stretch: RecordStretch; readonly bytes: number }

/** The batch's records as they are in the response, or decompressed at once if they are not too many. */
export const readWhole = (fetched: FetchedBytes, batch: RecordBatch, mostBytes: number): Whole | undefined => {
  const { compression } = batch
  if (compression === 'none') return { stretch: plainStretch(batch), bytes: 0 }
  const buffer = guard(fetched, batch, () => decompressWhole(compression, compressedBytes(batch), mostBytes))
  if (!buffer) return undefined
  const baseOffset = batch.magic === 2 ? batch.firstOffset : batch.lastOffset - lastInnerOffset(buffer)
  return { stretch: stretchOf(batch, buffer, 0, buffer.length, batch.count, baseOffset), bytes: buffer.length }
}

async function* readStream(
  fetched: FetchedBytes,
  batch: RecordBatch,
  limits: ReadLimits,
): AsyncGenerator<RecordStretch, void> {
  const { compression } = batch
  if (compression === 'none') return
  const bytes = compressedBytes(batch)
  const giveBack = await limits.budget.take(limits.chunkBytes + decompressionMemoryBytes(compression, bytes))
  try {
    yield* decompressStretches(batch, () => decompressStream(compression, bytes), limits)
  } catch (error) {
    throw corruptRecordsOf(fetched, batch, asCorrupt(error))
  } finally {
    giveBack()
  }
}

const compressedBytes = ({ magic, buffer, start, end, recordsStart }: RecordBatch): Buffer => {
  if (magic === 2) return buffer.subarray(recordsStart, end)
  // A message of v0 or v1 has the set that it holds as its value.
  const keyAt = start + messageHeadBytes(magic)
  return buffer.subarray(keyAt + 8 + Math.max(0, buffer.readInt32BE(keyAt)), end)
}

const lastInnerOffset = (messages: Buffer): number => {
  let offset = 0
  for (let at = 0; at + 12 <= messages.length; at += 12 + Math.max(0, messages.readInt32BE(at + 8))) {
    offset = Number(messages.readBigInt64BE(at))
  }
  return offset
}

export const toRecords = (fetched: FetchedBytes, stretches: readonly RecordStretch[]): Records => ({
  length: stretches.reduce((sum, { count }) => sum + count, 0),
  forEach: (visit) => {
    const view = new RecordView()
    for (const stretch of stretches) visitStretch(fetched, stretch, view, visit)
  },
  *[Symbol.iterator]() {
    const view = new RecordView()
    for (const stretch of stretches) {
      const cursor = openStretch(stretch, view, Number(fetched.fetchedOffset))
      while (guard(fetched, stretch.batch, () => moveToNext(cursor))) yield view
    }
  },
})

const visitStretch = (
  fetched: FetchedBytes,
  stretch: RecordStretch,
  view: RecordView,
  visit: (record: RecordView) => void,
): void => {
  try {
    const cursor = openStretch(stretch, view, Number(fetched.fetchedOffset))
    while (moveToNext(cursor)) visit(view)
  } catch (error) {
    throw corruptRecordsOf(fetched, stretch.batch, error)
  }
}

const nextOffsetOf = (stretch: RecordStretch): number => {
  const view = new RecordView()
  const cursor = openStretch(stretch, view, 0)
  while (moveToNext(cursor));
  return view.offsetNumber + 1
}

const guard = <Result>(fetched: FetchedBytes, batch: RecordBatch, read: () => Result): Result => {
  try {
    return read()
  } catch (error) {
    throw corruptRecordsOf(fetched, batch, error)
  }
}

const corruptRecordsOf = ({ topic, partition }: FetchedBytes, batch: RecordBatch, error: unknown): unknown =>
  toCorruptRecords(error, { topic, partition, offset: BigInt(batch.firstOffset), isSound: holdsChecksum(batch) })

type Place = { readonly topic: string; readonly partition: number; readonly offset: bigint; readonly isSound: boolean }

const toCorruptRecords = (error: unknown, { topic, partition, offset, isSound }: Place): unknown => {
  return error instanceof CorruptBytesError ? new CorruptRecordsError(topic, partition, offset, error, isSound) : error
}
