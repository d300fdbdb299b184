import { CorruptBytesError } from './corrupt-records.js'
import { readMessage } from './message-set.js'
import type { RecordBatch } from './record-batch.js'
import { RecordView, setTimestamp, type TransactionalWriter } from './record-view.js'
import { readLongVarint, readVarint, type Cursor } from './varint.js'

/** How many bytes were cut off a record while it was decompressed. */
export type Cut = { readonly valueBytes: number; readonly keyBytes: number; readonly headersBytes: number }

/** Consecutive uncompressed records of a batch in memory, in the batch's format. */
export type RecordStretch = {
  readonly batch: RecordBatch
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  /** The number of records; in the formats v0 and v1, as many as there are up to `end`. */
  readonly count: number
  /** The base to which a record's offset delta is added. */
  readonly baseOffset: number
  /** What was cut off the only record of the stretch, if anything. */
  readonly cut?: Cut
}

/** The records of an uncompressed batch, in place. */
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
 * The position of a reader in a stretch. It is a plain object because a fetch has hundreds of stretches, and V8 would
 * optimize a closure anew for each of them.
 */
export type StretchCursor = {
  /** Moves from record to record. */
  readonly view: RecordView
  readonly stretch: RecordStretch
  readonly clock: Clock
  readonly place: Cursor
  /** Records before this offset are skipped. */
  readonly fromOffset: number
  left: number
}

/** Opens a cursor before the records from `fromOffset` on. {@link moveToNext} moves it and the view. */
export const openStretch = (stretch: RecordStretch, view: RecordView, fromOffset: number): StretchCursor => {
  const { batch, buffer, start, count, cut } = stretch
  view.buffer = buffer
  view.writer = writerOf(batch)
  view.missingValueBytes = cut?.valueBytes ?? 0
  view.missingKeyBytes = cut?.keyBytes ?? 0
  view.missingHeadersBytes = cut?.headersBytes ?? 0
  return { view, stretch, clock: clockOf(batch), place: { buffer, at: start }, fromOffset, left: count }
}

/** Moves the view to the next record; false if there is none. */
export const moveToNext = (cursor: StretchCursor): boolean => {
  const { view, fromOffset } = cursor
  do if (!move(cursor)) return false
  while (view.offsetNumber < fromOffset)
  return true
}

const move = (cursor: StretchCursor): boolean => {
  const { view, stretch, clock, place } = cursor
  if (stretch.batch.magic === 2) {
    if (cursor.left-- <= 0) return false
    readRecord(view, place, stretch.end, stretch.baseOffset, clock)
    return true
  }
  if (place.at >= stretch.end) return false
  readMessage(view, place, stretch.end, stretch.baseOffset, clock.logAppendTime)
  return true
}

const writerOf = ({ isTransactional, producerId, producerEpoch }: RecordBatch): TransactionalWriter | undefined =>
  isTransactional ? { producerId, producerEpoch } : undefined

/** How to read the timestamps of a batch's records. */
type Clock = {
  readonly firstTimestamp: bigint
  readonly firstMs: number
  /** Whether doubles are exact for deltas below 2^52. */
  readonly isNear: boolean
  readonly logAppendTime: bigint | undefined
}

const farMs = 2 ** 52

const clockOf = ({ firstTimestamp, logAppendTime }: RecordBatch): Clock => {
  const firstMs = Number(firstTimestamp)
  return { firstTimestamp, firstMs, isNear: Math.abs(firstMs) <= farMs && logAppendTime === undefined, logAppendTime }
}

/** Sets the view to the record at the cursor and moves the cursor behind it. */
const readRecord = (view: RecordView, cursor: Cursor, limit: number, baseOffset: number, clock: Clock): void => {
  const length = readVarint(cursor)
  const end = cursor.at + length
  // Skip the record's attributes; Kafka does not use them yet.
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

/**
 * The key of the batch's first record, which holds the type of a control batch. Control batches are never compressed.
 */
export const readFirstKey = (batch: RecordBatch): Buffer | null => {
  if (batch.count === 0) return null
  const view = new RecordView()
  moveToNext(openStretch({ ...plainStretch(batch), count: 1 }, view, 0))
  return view.key
}
