import type { Message } from 'kafkajs'
import { encodeBatchHeader } from './batch-header.js'
import { createRunMemory, type RunMemory } from './memory.js'
import { batchOverheadBytes } from './record-batch.js'
import { sizeOfVarint, writeVarint } from './varint.js'

/**
 * Records of one partition, encoded as in a record batch of format v2 (KIP-98), without the batch header. `length`
 * counts the records; KafkaJS reads this property as it would on an array.
 */
export type EncodedRecords = {
  readonly length: number
  readonly buffer: Buffer
  /** The piece of memory that holds the records. */
  readonly memory: Buffer
  /** Epoch ms, -1 for none. */
  readonly firstTimestamp: number
  readonly maxTimestamp: number
}

/** A record to encode. Key, value and headers are byte ranges, which avoids slicing them first. */
export type EncodableRecord = {
  readonly key: Buffer | null
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: Buffer | null
  readonly valueStart: number
  readonly valueEnd: number
  /** The header count and the headers, encoded. */
  readonly headers: Buffer
  readonly headersEnd: number
  /** Kafka's record timestamp in epoch ms; -1 for none. */
  readonly timestampMs: number
}

export type RunBuilder = {
  /**
   * Appends the record, in a new run if the current batch would become too large. False if the record is too large for
   * any batch.
   */
  readonly add: (record: EncodableRecord) => boolean
  /** Whether `add` would append the record. */
  readonly fits: (record: EncodableRecord) => boolean
  /** Removes and returns the runs that are complete so far, in order. */
  readonly takeEnded: () => readonly EncodedRecords[]
  /** Returns all remaining runs, in order, and empties the builder. */
  readonly finish: () => readonly EncodedRecords[]
}

const noBytes: Buffer = Buffer.alloc(0)

/** The size of the record after its length field, if it is number `offsetDelta` of its run. */
const bodyBytes = (record: EncodableRecord, timestampDelta: number, offsetDelta: number): number => {
  const { key, keyStart, keyEnd, value, valueStart, valueEnd, headersEnd } = record
  const keyLength = keyEnd - keyStart
  const valueLength = valueEnd - valueStart
  return (
    1 +
    sizeOfVarint(timestampDelta) +
    sizeOfVarint(offsetDelta) +
    (key === null ? 1 : sizeOfVarint(keyLength) + keyLength) +
    (value === null ? 1 : sizeOfVarint(valueLength) + valueLength) +
    headersEnd
  )
}

const writeRecord = (
  target: Buffer,
  start: number,
  record: EncodableRecord,
  body: number,
  timestampDelta: number,
  offsetDelta: number,
): number => {
  const { key, keyStart, keyEnd, value, valueStart, valueEnd, headers, headersEnd } = record
  let at = writeVarint(target, start, body)
  target[at++] = 0
  at = writeVarint(target, at, timestampDelta)
  at = writeVarint(target, at, offsetDelta)
  at = writeVarint(target, at, key === null ? -1 : keyEnd - keyStart)
  if (key !== null) at += key.copy(target, at, keyStart, keyEnd)
  at = writeVarint(target, at, value === null ? -1 : valueEnd - valueStart)
  if (value !== null) at += value.copy(target, at, valueStart, valueEnd)
  return at + headers.copy(target, at, 0, headersEnd)
}

/** Encodes records into runs. Each run fits into one batch of at most `maxBatchBytes` and `maxRecords` records. */
export const createRunBuilder = (
  maxBatchBytes: number,
  maxRecords: number,
  memory: RunMemory = createRunMemory(),
): RunBuilder => {
  const maxRunBytes = maxBatchBytes - batchOverheadBytes
  let runs: EncodedRecords[] = []
  let buffer = noBytes
  let at = 0
  let length = 0
  let firstTimestamp = 0
  let maxTimestamp = 0

  const endRun = (): void => {
    if (length === 0) return
    runs.push({ length, buffer: buffer.subarray(0, at), memory: buffer, firstTimestamp, maxTimestamp })
    buffer = noBytes
    at = 0
    length = 0
  }

  const reserve = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    const larger = memory.take(at + bytes)
    buffer.copy(larger, 0, 0, at)
    if (buffer !== noBytes) memory.giveBack(buffer)
    buffer = larger
  }

  const sizeNow = (record: EncodableRecord): number =>
    bodyBytes(record, length === 0 ? 0 : record.timestampMs - firstTimestamp, length)

  const fits = (record: EncodableRecord): boolean => {
    const body = bodyBytes(record, 0, 0)
    return body + sizeOfVarint(body) <= maxRunBytes
  }

  const add = (record: EncodableRecord): boolean => {
    let body = sizeNow(record)
    if (length >= maxRecords || at + body + sizeOfVarint(body) > maxRunBytes) {
      endRun()
      body = sizeNow(record)
      if (body + sizeOfVarint(body) > maxRunBytes) return false
    }
    const { timestampMs } = record
    if (!Number.isSafeInteger(timestampMs)) throw new RangeError(`expected a timestamp in whole ms, got ${timestampMs}`)
    if (length === 0) {
      firstTimestamp = timestampMs
      maxTimestamp = timestampMs
    } else if (timestampMs > maxTimestamp) maxTimestamp = timestampMs
    reserve(body + sizeOfVarint(body))
    at = writeRecord(buffer, at, record, body, timestampMs - firstTimestamp, length)
    length++
    return true
  }

  const takeEnded = (): readonly EncodedRecords[] => {
    const ended = runs
    runs = []
    return ended
  }
  const finish = (): readonly EncodedRecords[] => {
    endRun()
    return takeEnded()
  }
  return { add, fits, takeEnded, finish }
}

/**
 * One message that stands for all records. KafkaJS calls its `encode` to write the batch (patches/README.md, `encode`).
 */
export const toMessage = (records: EncodedRecords, partition: number): Message => ({
  partition,
  value: null,
  encodedRecords: {
    length: records.length,
    encode: (batch) => [encodeBatchHeader(records, batch), records.buffer],
  },
})
