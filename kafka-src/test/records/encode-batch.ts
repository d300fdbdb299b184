import { createRunBuilder, encodableOf, type RecordHeader } from '@kafka-etl/kafka'
import { encodeBatchHeader } from '../../src/records/batch-header.js'
import { crc32c } from '../../src/records/crc32c.js'

/** A record batch as a broker stores it: from our own writer, with a header that other writers could produce. */
export type BatchParts = {
  /** The offsets of the records in the batch; compaction may have removed others. */
  readonly offsets: readonly number[]
  readonly firstOffset?: number
  readonly lastOffset?: number
  readonly producerId?: number
  readonly marker?: 'commit' | 'abort'
  /** The compression of the records, and its number in the attributes. */
  readonly compression?: { readonly id: number; readonly compress: (records: Buffer) => Buffer }
  readonly key?: Buffer | null
  readonly createValue?: (offset: number) => Buffer | null
  readonly headers?: readonly RecordHeader[]
}

const controlFlag = 0x20
export const markerKeys = { commit: Buffer.from([0, 0, 0, 1]), abort: Buffer.from([0, 0, 0, 0]) }

export const encodeRecords = (parts: BatchParts): Buffer => {
  const { offsets, marker, headers = [] } = parts
  const { createValue = (offset: number) => Buffer.from(`value ${offset}`) } = parts
  const key = marker ? markerKeys[marker] : (parts.key ?? null)
  const firstOffset = parts.firstOffset ?? offsets[0] ?? 0
  // The builder numbers records consecutively: those that compaction removed are cut from its bytes.
  const builder = createRunBuilder(1 << 30, 1 << 30)
  const starts: number[] = []
  const last = offsets.at(-1) ?? firstOffset - 1
  for (let offset = firstOffset; offset <= last; offset++) {
    const value = offsets.includes(offset) ? createValue(offset) : null
    builder.add(encodableOf({ key, value, headers, timestampMs: 1_000 }))
    starts.push(offset)
  }
  const bytes = builder.finish()[0]?.buffer ?? Buffer.alloc(0)
  return Buffer.concat(cutRecords(bytes).filter((_, index) => offsets.includes(starts[index] ?? -1)))
}

/** Splits the bytes into records; their lengths are varints. */
const cutRecords = (bytes: Buffer): Buffer[] => {
  const records: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const start = at
    let length = 0
    for (let scale = 1, byte = 0x80; byte >= 0x80; scale *= 128) {
      byte = bytes[at++] ?? 0
      length += (byte & 0x7f) * scale
    }
    at += length / 2
    records.push(bytes.subarray(start, at))
  }
  return records
}

export const encodeBatch = (parts: BatchParts): Buffer => {
  const { offsets, producerId, marker, compression } = parts
  const firstOffset = parts.firstOffset ?? offsets[0] ?? 0
  const records = encodeRecords(parts)
  const buffer = compression ? compression.compress(records) : records
  const run = { length: offsets.length, buffer, firstTimestamp: 1_000, maxTimestamp: 1_000 }
  const writer = {
    producerId: producerId ?? -1,
    producerEpoch: 0,
    firstSequence: 0,
    transactional: producerId !== undefined,
  }
  const bytes = Buffer.concat([encodeBatchHeader(run, writer), buffer])
  bytes.writeBigInt64BE(BigInt(firstOffset), 0)
  bytes.writeInt32BE((parts.lastOffset ?? offsets.at(-1) ?? firstOffset) - firstOffset, 23)
  const attributes = bytes.readInt16BE(21) | (marker ? controlFlag : 0) | (compression?.id ?? 0)
  bytes.writeInt16BE(attributes, 21)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}
