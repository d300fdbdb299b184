import { crc32c } from './crc32c.js'
import { CorruptBytesError } from './corrupt-records.js'

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/**
 * An entry of a record set: a record batch (format v2, KIP-98), or one message of the formats v0 and v1, whose value
 * may hold a compressed set of messages.
 */
export type RecordBatch = {
  readonly magic: 0 | 1 | 2
  /** The record set. The batch takes its bytes from `start` to `end`. */
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  /** In the formats v0 and v1, the offset of the last record. */
  readonly firstOffset: number
  /** Compaction does not change it, even if it removes the last records of the batch. */
  readonly lastOffset: number
  /**
   * How many records the batch holds; compaction may have removed all. It is 1 for a compressed message of v0 and v1,
   * whatever it holds.
   */
  readonly count: number
  readonly compression: Compression
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly producerId: bigint
  readonly producerEpoch: number
  /** Where the records begin, compressed or not. */
  readonly recordsStart: number
  /** Epoch ms, any int64: the base of the timestamp deltas. */
  readonly firstTimestamp: bigint
  /** The append time, if the records carry it as their timestamp. */
  readonly logAppendTime: bigint | undefined
}

// Both formats begin alike: an int64 offset, an int32 length of the rest, four other bytes, the format.
const lengthAt = 8
const magicAt = 16
const prefixBytes = 12
const compressionMask = 0x07
const logAppendTimeFlag = 0x08
const transactionalFlag = 0x10
const controlFlag = 0x20

/** The batches of a record set in a fetch response. The last one may be incomplete and is left out then. */
export const readRecordBatches = (buffer: Buffer): readonly RecordBatch[] => {
  const batches: RecordBatch[] = []
  for (let start = 0; start + magicAt < buffer.length;) {
    const length = buffer.readInt32BE(start + lengthAt)
    const end = start + prefixBytes + length
    if (end > buffer.length) break
    batches.push(readRecordBatch(buffer, start, end))
    start = end
  }
  return batches
}

const readRecordBatch = (buffer: Buffer, start: number, end: number): RecordBatch => {
  const magic = buffer[start + magicAt]
  const isNewest = magic === 2
  if (!isNewest && magic !== 0 && magic !== 1) {
    throw new CorruptBytesError(`expected a record batch of format 0, 1 or 2, got ${magic}`)
  }
  const shortest = isNewest ? batchOverheadBytes : magic === 1 ? 34 : 26
  if (end - start < shortest) throw new CorruptBytesError(`expected ${shortest} bytes at least, got ${end - start}`)
  return isNewest ? readBatch(buffer, start, end) : readMessage(buffer, start, end, magic)
}

/** The size of a v2 record batch without its records (DefaultRecordBatch.RECORD_BATCH_OVERHEAD). */
export const batchOverheadBytes = 61

const readBatch = (buffer: Buffer, start: number, end: number): RecordBatch => {
  const attributes = buffer.readInt16BE(start + 21)
  const firstOffset = readOffset(buffer, start)
  return {
    magic: 2,
    buffer,
    start,
    end,
    firstOffset,
    lastOffset: firstOffset + buffer.readInt32BE(start + 23),
    count: Math.max(0, buffer.readInt32BE(start + 57)),
    compression: compressionOf(attributes),
    isTransactional: (attributes & transactionalFlag) !== 0,
    isControl: (attributes & controlFlag) !== 0,
    producerId: buffer.readBigInt64BE(start + 43),
    producerEpoch: buffer.readInt16BE(start + 51),
    recordsStart: start + batchOverheadBytes,
    firstTimestamp: buffer.readBigInt64BE(start + 27),
    logAppendTime: (attributes & logAppendTimeFlag) === 0 ? undefined : buffer.readBigInt64BE(start + 35),
  }
}

/**
 * Reads a message of v0 (before KIP-32) or v1: crc, magic, attributes, the timestamp in v1, key and value with int32
 * lengths.
 */
const readMessage = (buffer: Buffer, start: number, end: number, magic: 0 | 1): RecordBatch => {
  const attributes = buffer[start + 17] ?? 0
  const offset = readOffset(buffer, start)
  const timestamp = magic === 1 ? buffer.readBigInt64BE(start + 18) : -1n
  return {
    magic,
    buffer,
    start,
    end,
    firstOffset: offset,
    lastOffset: offset,
    count: 1,
    compression: compressionOf(attributes),
    isTransactional: false,
    isControl: false,
    producerId: -1n,
    producerEpoch: -1,
    recordsStart: start + (magic === 1 ? 26 : 18),
    firstTimestamp: timestamp,
    logAppendTime: magic === 1 && (attributes & logAppendTimeFlag) !== 0 ? timestamp : undefined,
  }
}

const compressionOf = (attributes: number): Compression => {
  const compression = compressions[attributes & compressionMask]
  if (compression) return compression
  throw new CorruptBytesError(`expected a known compression (0 to 4), got ${attributes & compressionMask}`)
}

// No log grows beyond 2^53 records.
const readOffset = (buffer: Buffer, at: number): number =>
  buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4)

/**
 * Whether the CRC-32C of a v2 batch matches its bytes. Brokers check it on write; a reader checks it only after it
 * failed to read the batch.
 */
export const holdsChecksum = ({ magic, buffer, start, end }: RecordBatch): boolean =>
  magic !== 2 || buffer.readUInt32BE(start + 17) === crc32c(buffer.subarray(start + 21, end))
