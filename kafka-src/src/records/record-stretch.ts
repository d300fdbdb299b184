import { CorruptBytesError } from './corrupt-records.js'
import { readMessage } from './message-set.js'
import type { RecordBatch } from './record-batch.js'
import { RecordView, setTimestamp, type TransactionalWriter } from './record-view.js'
import { readLongVarint, readVarint, type Cursor } from './varint.js'

/** What was cut off a record while it was decompressed. */
export type Cut = { readonly valueBytes: number; readonly keyBytes: number; readonly headersBytes: number }

/** Records of a batch that stand one after the other in memory, as the batch's format has them, not compressed. */
export type RecordStretch = {
  readonly batch: RecordBatch
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  /** How many they are; of the formats v0 and v1, as many as there are up to `end`. */
  readonly count: number
  /** What a record's own offset is added to. */
  readonly baseOffset: number
  /** Of the stretch's only record, if it was cut. */
  readonly cut?: Cut
}

/** The records of a batch that is not compressed, where they are. */
export const plainStretch = (batch: RecordBatch): RecordStretch =>
  batch.magic === 2
    ? stretchOf(batch, batch.buffer, batch.recordsStart, batch.end, batch.count)
    : stretchOf(batch, batch.buffer, batch.start, batch.end, 1, 0)

export const stretchOf = (
  batch: RecordBatch,
  buffer: Buffer,
  start: number,
  end: number,
  count: number,
  baseOffset: number = batch.firstOffset,
): RecordStretch => ({ batch, buffer, start, end, count, baseOffset })

/**
 * Gives the function that moves the view to the next record of those from `offset` on, and tells whether there was one.
 */
export const openStretch = (stretch: RecordStretch, view: RecordView, offset: number): (() => boolean) => {
  const { batch, buffer, start, end, count, baseOffset, cut } = stretch
  const cursor = { buffer, at: start }
  const clock = clockOf(batch)
  view.buffer = buffer
  view.writer = writerOf(batch)
  view.missingValueBytes = cut?.valueBytes ?? 0
  view.missingKeyBytes = cut?.keyBytes ?? 0
  view.missingHeadersBytes = cut?.headersBytes ?? 0
  let left = batch.magic === 2 ? count : 0
  const move = (): boolean => {
    if (left-- <= 0) return false
    readRecord(view, cursor, end, baseOffset, clock)
    return true
  }
  const moveMessage = (): boolean => {
    if (cursor.at >= end) return false
    readMessage(view, cursor, end, baseOffset, batch.logAppendTime)
    return true
  }
  const next = batch.magic === 2 ? move : moveMessage
  return () => {
    do if (!next()) return false
    while (view.offsetNumber < offset)
    return true
  }
}

const writerOf = ({ isTransactional, producerId, producerEpoch }: RecordBatch): TransactionalWriter | undefined =>
  isTransactional ? { producerId, producerEpoch } : undefined

/** How the timestamps of a batch's records are read. */
type Clock = {
  readonly firstTimestamp: bigint
  readonly firstMs: number
  /** Whether doubles are exact, as long as a delta is below 2^52. */
  readonly isNear: boolean
  readonly logAppendTime: bigint | undefined
}

const farMs = 2 ** 52

const clockOf = ({ firstTimestamp, logAppendTime }: RecordBatch): Clock => {
  const firstMs = Number(firstTimestamp)
  return { firstTimestamp, firstMs, isNear: Math.abs(firstMs) <= farMs && logAppendTime === undefined, logAppendTime }
}

/** The view becomes the record at the cursor, which moves behind it. */
const readRecord = (view: RecordView, cursor: Cursor, limit: number, baseOffset: number, clock: Clock): void => {
  const length = readVarint(cursor)
  const end = cursor.at + length
  // The record's attributes, of which none are known yet.
  const deltaStart = ++cursor.at
  const delta = readVarint(cursor)
  if (clock.isNear && delta <= farMs && delta >= -farMs) {
    view.timestampMs = clock.firstMs + delta
    view.exactTimestamp = undefined
  } else {
    setTimestamp(view, clock.logAppendTime ?? clock.firstTimestamp + readLongVarint(cursor.buffer, deltaStart))
  }
  view.offsetNumber = baseOffset + readVarint(cursor)
  view.keyLength = readVarint(cursor)
  view.keyStart = cursor.at
  if (view.keyLength > 0) cursor.at += view.keyLength
  view.valueLength = readVarint(cursor)
  view.valueStart = cursor.at
  if (view.valueLength > 0) cursor.at += view.valueLength
  view.headersStart = cursor.at
  view.headersEnd = end
  if (cursor.at >= end || end > limit)
    throw new CorruptBytesError(`expected a record within ${limit} bytes, got ${end}`)
  cursor.at = end
}

/** The key of the batch's first record: what a control batch says. Control batches are never compressed. */
export const readFirstKey = (batch: RecordBatch): Buffer | null => {
  if (batch.count === 0) return null
  const view = new RecordView()
  openStretch({ ...plainStretch(batch), count: 1 }, view, 0)()
  return view.key
}
