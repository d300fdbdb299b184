import { createBlockReader, type BlockReader } from './block-reader.js'
import { CorruptBytesError } from './corrupt-records.js'
import { readCutMessage, readCutRecord } from './cut-record.js'
import type { Blocks } from './decompression.js'
import type { RunMemory } from './memory.js'
import type { RecordBatch } from './record-batch.js'
import { stretchOf, type RecordStretch } from './record-stretch.js'
import { readVarint } from './varint.js'

export type StretchLimits = {
  /** How many bytes to keep of the value, of the key and of all headers of a record larger than a chunk. */
  readonly maxValueBytes: number
  /** How many bytes to decompress at once. */
  readonly chunkBytes: number
  readonly memory: RunMemory
}

/**
 * The records of a compressed batch, as many at a time as fit into one buffer. Each stretch reuses the buffer of the
 * previous one. A record larger than the buffer comes alone, and cut.
 */
export async function* decompressStretches(
  batch: RecordBatch,
  open: () => Blocks,
  { maxValueBytes, chunkBytes, memory }: StretchLimits,
): AsyncGenerator<RecordStretch, void> {
  const baseOffset = batch.magic === 2 ? batch.firstOffset : await readBaseOffset(batch, open)
  const input = createBlockReader(open())
  const buffer = memory.take(chunkBytes)
  let filled = 0
  let left = batch.magic === 2 ? batch.count : Number.POSITIVE_INFINITY
  try {
    while (left > 0) {
      const read = await input.read(buffer, filled)
      const isEnded = filled + read < buffer.length
      filled += read
      if (filled === 0 && batch.magic < 2) return
      const { count, end } = findWhole(batch, buffer, filled, left)
      if (count > 0) {
        yield stretchOf(batch, buffer, 0, end, count, baseOffset)
        buffer.copyWithin(0, end, filled)
        filled -= end
      } else if (isEnded) {
        throw new CorruptBytesError('expected another record whole, got the end of the bytes')
      } else {
        input.unread(buffer.subarray(0, filled))
        filled = 0
        const { bytes, cut } = await (batch.magic === 2 ? readCutRecord : readCutMessage)(input, maxValueBytes)
        yield { ...stretchOf(batch, bytes, 0, bytes.length, 1, baseOffset), cut }
      }
      left -= Math.max(1, count)
    }
  } finally {
    memory.giveBack(buffer)
    await input.close()
  }
}

type Whole = { readonly count: number; readonly end: number }

/** How many complete records there are, `most` at most, and where they end. */
const findWhole = (batch: RecordBatch, buffer: Buffer, filled: number, most: number): Whole => {
  let count = 0
  let end = 0
  while (count < most) {
    const next = batch.magic === 2 ? endOfRecord(buffer, end, filled) : endOfMessage(buffer, end, filled)
    if (next > filled) break
    if (next <= end) throw new CorruptBytesError(`expected a record, got one of ${next - end} bytes`)
    end = next
    count++
  }
  return { count, end }
}

const endOfRecord = (buffer: Buffer, start: number, filled: number): number => {
  const cursor = { buffer, at: start }
  const length = readVarint(cursor)
  if (cursor.at > filled) return Number.POSITIVE_INFINITY
  return length < 0 ? start : cursor.at + length
}

const endOfMessage = (buffer: Buffer, start: number, filled: number): number =>
  start + 12 > filled ? Number.POSITIVE_INFINITY : start + 12 + buffer.readInt32BE(start + 8)

/**
 * The base offset of a compressed message of v0 or v1, to which the inner offsets are added. The offset of the outer
 * message is that of the last inner one, and inner offsets may count from 0 (KIP-31).
 */
const readBaseOffset = async (batch: RecordBatch, open: () => Blocks): Promise<number> => {
  const input = createBlockReader(open())
  try {
    return batch.lastOffset - (await readLastOffset(input))
  } finally {
    await input.close()
  }
}

const readLastOffset = async (input: BlockReader): Promise<number> => {
  const head = Buffer.alloc(12)
  let offset = 0
  while ((await input.read(head, 0)) === head.length) {
    offset = Number(head.readBigInt64BE(0))
    await input.skip(Math.max(0, head.readInt32BE(8)))
  }
  return offset
}
