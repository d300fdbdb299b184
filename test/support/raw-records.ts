import { once } from 'node:events'
import { connect } from 'node:net'
import { crc32 } from 'node:zlib'
import { crc32c } from '../../kafka-src/src/records/crc32c.js'

/**
 * A message of the formats v0 and v1, as producers before Kafka 0.11 sent them; `attributes` contain the compression.
 */
export type OldMessage = {
  readonly magic: 0 | 1
  readonly timestamp?: bigint
  readonly key?: string | null
  readonly value: Buffer | string | null
  readonly attributes?: number
}

/** A record of format v2 with anything that a producer may put into it. */
export type RawRecord = {
  readonly timestamp: bigint
  readonly key?: string | null
  readonly value: string | null
  /** The number of headers without a name and a value, of two bytes each. */
  readonly emptyHeaders?: number
}

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt.asIntN(64, value))
  return bytes
}
const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
const toBytes = (value: Buffer | string | null): Buffer | null => (value === null ? null : Buffer.from(value))
const sized = (value: Buffer | string | null): Buffer => {
  const bytes = toBytes(value)
  return bytes === null ? int32(-1) : Buffer.concat([int32(bytes.length), bytes])
}

/** A message set of the formats v0 and v1; `offset` counts from 0 within it. */
export const encodeMessageSet = (messages: readonly OldMessage[]): Buffer =>
  Buffer.concat(
    messages.map(({ magic, timestamp = -1n, key = null, value, attributes = 0 }, offset) => {
      const body = Buffer.concat([
        Buffer.from([magic, attributes]),
        magic === 1 ? int64(timestamp) : Buffer.alloc(0),
        sized(key),
        sized(value),
      ])
      const checksum = Buffer.alloc(4)
      checksum.writeUInt32BE(crc32(body))
      return Buffer.concat([int64(BigInt(offset)), int32(4 + body.length), checksum, body])
    }),
  )

const varint = (value: bigint): Buffer => {
  const wrapped = BigInt.asIntN(64, value)
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, (wrapped << 1n) ^ (wrapped >> 63n))
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
const varsized = (value: string | null): Buffer =>
  value === null ? varint(-1n) : Buffer.concat([varint(BigInt(Buffer.byteLength(value))), Buffer.from(value)])

const encodeRecord = (
  { timestamp, key = null, value, emptyHeaders = 0 }: RawRecord,
  first: bigint,
  offset: number,
): Buffer => {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestamp - first),
    varint(BigInt(offset)),
    varsized(key),
    varsized(value),
    varint(BigInt(emptyHeaders)),
    Buffer.alloc(2 * emptyHeaders),
  ])
  return Buffer.concat([varint(BigInt(body.length)), body])
}

/** The compressed records of a batch, and the fields of its header. */
export type RawBatch = {
  readonly count: number
  /** The number of the compression in the attributes: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly compression?: number
  readonly firstTimestamp: bigint
  readonly maxTimestamp: bigint
  readonly records: Buffer
}

/** A record batch of format v2 (KIP-98) around encoded records. */
export const encodeRawBatch = ({ count, compression = 0, firstTimestamp, maxTimestamp, records }: RawBatch): Buffer => {
  const body = Buffer.concat([
    int16(compression),
    int32(count - 1),
    int64(firstTimestamp),
    int64(maxTimestamp),
    int64(-1n),
    int16(-1),
    int32(-1),
    int32(count),
    records,
  ])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32c(body))
  return Buffer.concat([int64(0n), int32(9 + body.length), int32(-1), Buffer.from([2]), checksum, body])
}

/** A batch of these records; their deltas overflow as Java's long does. */
export const encodeRecordBatch = (records: readonly RawRecord[]): Buffer => {
  const timestamps = records.map(({ timestamp }) => timestamp)
  const firstTimestamp = timestamps[0] ?? -1n
  return encodeRawBatch({
    count: records.length,
    firstTimestamp,
    maxTimestamp: timestamps.reduce((most, timestamp) => (timestamp > most ? timestamp : most), firstTimestamp),
    records: Buffer.concat(records.map((record, offset) => encodeRecord(record, firstTimestamp, offset))),
  })
}

export type RawWrite = {
  readonly bootstrap: string
  readonly topic: string
  readonly partition?: number
  /** The version of the Produce request: 0 for messages of v0, 2 for v1, 3 for batches of v2, 7 for those with zstd. */
  readonly version: 0 | 2 | 3 | 7
  readonly bytes: Buffer
}

const readAnswer = async (chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
  let answer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    answer = Buffer.concat([answer, chunk])
    if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)) return answer.subarray(4)
  }
  throw new Error(`Expected the broker to answer a Produce request, got ${answer.length} bytes`)
}

/** Sends the bytes unchanged to a broker that leads the partition. Returns Kafka's error code, 0 for none. */
export const produceRaw = async ({ bootstrap, topic, partition = 0, version, bytes }: RawWrite): Promise<number> => {
  const colon = bootstrap.lastIndexOf(':')
  const socket = connect({ host: bootstrap.slice(0, colon), port: Number(bootstrap.slice(colon + 1)) })
  try {
    await once(socket, 'connect')
    const request = Buffer.concat([
      int16(0),
      int16(version),
      int32(7),
      text('raw'),
      version >= 3 ? int16(-1) : Buffer.alloc(0),
      int16(-1),
      int32(30_000),
      int32(1),
      text(topic),
      int32(1),
      int32(partition),
      int32(bytes.length),
      bytes,
    ])
    socket.write(Buffer.concat([int32(request.length), request]))
    const answer = await readAnswer(socket)
    // Before it come the correlation id, one topic, its name, one partition and its number.
    return answer.readInt16BE(4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4)
  } finally {
    socket.destroy()
  }
}
