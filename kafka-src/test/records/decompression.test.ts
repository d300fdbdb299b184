import { gzipSync, zstdCompressSync } from 'node:zlib'
import { createBatchReader, type BatchReaderOptions, type ConsumedBatch } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { encodeBatch, type BatchParts } from './encode-batch.js'

type Compression = NonNullable<BatchParts['compression']>

/** Only literal blocks, framed as snappy-java does: a valid encoding of bytes that do not repeat. */
const storeSnappy = (bytes: Buffer): Buffer => {
  const blocks = [Buffer.from('82534e41505059000000000100000001', 'hex')]
  for (let at = 0; at < bytes.length; at += 32_768) {
    const part = bytes.subarray(at, at + 32_768)
    const size = [part.length & 0x7f, part.length >>> 7]
    const varint = size[1]
      ? [(size[0] ?? 0) | 0x80, (size[1] & 0x7f) | (size[1] > 0x7f ? 0x80 : 0), size[1] >>> 7]
      : size
    const length = size[1] && size[1] > 0x7f ? varint : varint.slice(0, size[1] ? 2 : 1)
    const block = Buffer.concat([
      Buffer.from(length),
      Buffer.from([61 << 2, (part.length - 1) & 0xff, (part.length - 1) >>> 8]),
      part,
    ])
    const prefix = Buffer.alloc(4)
    prefix.writeInt32BE(block.length)
    blocks.push(prefix, block)
  }
  return Buffer.concat(blocks)
}

/** A frame of linked blocks: the first one is literal, each other one copies the 16 bytes before it. */
const storeLz4 = (bytes: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32LE((bytes.length | 0x80000000) >>> 0)
  return Buffer.concat([Buffer.from('04224d1840600000'.slice(0, 14), 'hex'), size, bytes, Buffer.alloc(4)])
}

const compressions: readonly (readonly [string, Compression])[] = [
  ['gzip', { id: 1, compress: (bytes) => gzipSync(bytes) }],
  ['snappy', { id: 2, compress: storeSnappy }],
  ['lz4', { id: 3, compress: storeLz4 }],
  ['zstd', { id: 4, compress: (bytes) => zstdCompressSync(bytes) }],
]

const read = (
  parts: BatchParts,
  options: BatchReaderOptions = {},
  damage?: (bytes: Buffer) => Buffer,
): ConsumedBatch => {
  const bytes = encodeBatch(parts)
  const data = { partition: 3, highWatermark: '0', abortedTransactions: null, messages: damage?.(bytes) ?? bytes }
  return createBatchReader(options)('t', '0', data)
}

const offsets = Array.from({ length: 300 }, (_, index) => index)
const createValue = (offset: number): Buffer => Buffer.from(`value ${offset} `.repeat(offset % 7))

describe.each(compressions)('records that %s has compressed', (_, compression) => {
  it('come all at once if they are few', async () => {
    const seen: string[] = []
    let chunks = 0
    for await (const { records } of read({ offsets, createValue, compression }).fetched.chunks()) {
      chunks++
      records.forEach(({ value }) => seen.push(String(value)))
    }
    expect(chunks).toBe(1)
    expect(seen).toEqual(offsets.map((offset) => String(createValue(offset))))
  })

  it('come in chunks that each end with a whole record, and say where to go on', async () => {
    const seen: number[] = []
    const chunks = read({ offsets, createValue, compression }, { chunkBytes: 2_000 }).fetched.chunks()
    let count = 0
    for await (const { records, nextOffset } of chunks) {
      count++
      records.forEach(({ offsetNumber, value }) => {
        seen.push(offsetNumber)
        expect(String(value)).toBe(String(createValue(offsetNumber)))
      })
      expect(nextOffset).toBe(BigInt((seen.at(-1) ?? -1) + 1))
    }
    expect(count).toBeGreaterThan(1)
    expect(seen).toEqual(offsets)
  })

  it('are cut if they are larger than a chunk, and their neighbours are whole', async () => {
    const large = Buffer.alloc(100_000, 'x')
    const parts = {
      offsets: [0, 1, 2],
      compression,
      createValue: (offset: number) => (offset === 1 ? large : createValue(offset)),
    }
    const seen: unknown[] = []
    for await (const { records } of read(parts, { chunkBytes: 4_096, maxValueBytes: 1_000 }).fetched.chunks()) {
      records.forEach(({ offset, value, missingValueBytes }) => seen.push([offset, value?.length, missingValueBytes]))
    }
    expect(seen).toEqual([
      [0n, 0, 0],
      [1n, 1_000, 99_000],
      [2n, createValue(2).length, 0],
    ])
  })

  it.each([100, 1_000_000])('that are damaged end in a sentence, in chunks of %s bytes', async (chunkBytes) => {
    const readAll = async (): Promise<void> => {
      const damage = (bytes: Buffer): Buffer =>
        Buffer.concat([bytes.subarray(0, 61), Buffer.alloc(bytes.length - 61, 0xa5)])
      for await (const { records } of read(
        { offsets, createValue, compression },
        { chunkBytes },
        damage,
      ).fetched.chunks()) {
        records.forEach(() => undefined)
      }
    }
    await expect(readAll()).rejects.toThrow(/^expected to read the record batch at t\/3\/0, got .* does not hold/)
  })
})

describe('a batch that expands to a gigabyte', () => {
  it('is read within a few megabytes', async () => {
    const value = Buffer.alloc(32 << 20, 'x')
    const parts = { offsets: [0, 1, 2, 3], createValue: () => value, compression: compressions[3]?.[1] }
    const batch = read(parts as BatchParts)
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    let missing = 0
    for await (const { records } of batch.fetched.chunks()) {
      records.forEach(({ missingValueBytes }) => (missing += missingValueBytes))
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    expect(missing).toBe(4 * (value.length - 1_048_576))
    expect(most).toBeLessThan(64 << 20)
  }, 30_000)
})
