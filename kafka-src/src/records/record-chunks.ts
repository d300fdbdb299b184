import type { FetchedBytes } from './batch-index.js'
import { corruptRecordsOf, guardBatch } from './corrupt-batch.js'
import { asCorrupt, decompressionMemoryBytes, decompressStream, decompressWhole } from './decompression.js'
import { decompressStretches, type StretchLimits } from './decompressed-stretches.js'
import type { MemoryBudget } from './memory-budget.js'
import { messageHeadBytes } from './message-set.js'
import type { RecordBatch } from './record-batch.js'
import { moveToNext, openStretch, plainStretch, stretchOf, type RecordStretch } from './record-stretch.js'
import { RecordView } from './record-view.js'
import { toRecords, type Records } from './records.js'

/** As many records as fit into bounded memory. Valid until the next chunk is requested. */
export type RecordChunk = {
  readonly records: Records
  /** The offset to continue from after these records; for the last chunk, the offset after the batch. */
  readonly nextOffset: bigint
}

export type ReadLimits = StretchLimits & { readonly budget: MemoryBudget }

/** Reads the records of the batches in chunks of bounded memory. */
export async function* readChunks(
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

/** The records of the batch as they are in the response, or decompressed at once if they are small enough. */
const readWhole = (fetched: FetchedBytes, batch: RecordBatch, mostBytes: number): Whole | undefined => {
  const { compression } = batch
  if (compression === 'none') return { stretch: plainStretch(batch), bytes: 0 }
  const buffer = guardBatch(fetched, batch, () => decompressWhole(compression, compressedBytes(batch), mostBytes))
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
  // The value of a v0 or v1 message holds the inner set.
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

const nextOffsetOf = (stretch: RecordStretch): number => {
  const view = new RecordView()
  const cursor = openStretch(stretch, view, 0)
  while (moveToNext(cursor));
  return view.offsetNumber + 1
}
