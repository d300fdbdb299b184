import { createGzip, createZstdCompress } from 'node:zlib'
import { encodeRawBatch } from './raw-records.js'

/** A batch that decompresses to many times its size, and the number of its records. */
export type Bomb = { readonly count: number; readonly batch: Buffer }

const piece = Buffer.alloc(1 << 20)

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = BigInt(value) * 2n
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

/** A record whose value is this many zeros: the bytes before them, and the header count after them. */
const frameOf = (valueBytes: number, offset: number): readonly [Buffer, Buffer] => {
  const noKey = Buffer.from([1])
  const body = Buffer.concat([Buffer.from([0, 0]), varint(offset), noKey, varint(valueBytes)])
  return [Buffer.concat([varint(body.length + valueBytes + 1), body]), Buffer.from([0])]
}

/** Records of zeros, streamed through a compressor of Node: what it makes of them is all that is ever in memory. */
const stream = async (
  compressor: NodeJS.ReadWriteStream,
  compression: number,
  count: number,
  valueBytes: number,
): Promise<Bomb> => {
  const chunks: Buffer[] = []
  const { promise: ended, resolve, reject } = Promise.withResolvers<unknown>()
  compressor.on('data', (chunk: Buffer) => chunks.push(chunk))
  compressor.on('end', resolve)
  compressor.on('error', reject)
  const write = (bytes: Buffer): Promise<unknown> | undefined =>
    compressor.write(bytes) ? undefined : new Promise((drained) => compressor.once('drain', drained))
  for (let offset = 0; offset < count; offset++) {
    const [head, tail] = frameOf(valueBytes, offset)
    await write(head)
    for (let left = valueBytes; left > 0; left -= piece.length) {
      await write(left < piece.length ? piece.subarray(0, left) : piece)
    }
    await write(tail)
  }
  compressor.end()
  await ended
  const records = Buffer.concat(chunks)
  return { count, batch: encodeRawBatch({ count, compression, firstTimestamp: 0n, maxTimestamp: 0n, records }) }
}

export const gzipBomb = (count: number, valueBytes: number): Promise<Bomb> =>
  stream(createGzip({ level: 9 }), 1, count, valueBytes)

export const zstdBomb = (count: number, valueBytes: number): Promise<Bomb> =>
  stream(createZstdCompress(), 4, count, valueBytes)

const lz4BlockBytes = 65_536

/** One literal, then a copy of it for the rest of the block, except the five literals that end every block. */
const lz4Block = (literal: Buffer): Buffer => {
  const copied = lz4BlockBytes - literal.length - 5
  const rest = copied - 19
  const long = Buffer.concat([Buffer.alloc(Math.floor(rest / 255), 255), Buffer.from([rest % 255])])
  const first = Buffer.concat([Buffer.from([0xff, literal.length - 15]), literal, Buffer.from([1, 0]), long])
  const block = Buffer.concat([first, Buffer.from([0x50, 0, 0, 0, 0, 0])])
  const size = Buffer.alloc(4)
  size.writeUInt32LE(block.length)
  return Buffer.concat([size, block])
}

/** One record in an LZ4 frame of this many blocks of 64 KiB, which decompresses to 240 times its size. */
export const lz4Bomb = (blocks: number): Bomb => {
  // The literals of the first block contain the bytes before the value; those of the last end with the header count.
  const length = blocks * lz4BlockBytes
  const headBytes = frameOf(length, 0)[0].length
  const [head] = frameOf(length - headBytes - 1, 0)
  const literalOf = (index: number): Buffer => {
    const literal = Buffer.alloc(32)
    if (index === 0) head.copy(literal)
    return literal
  }
  // Magic number, independent blocks of at most 64 KiB without checksums, and the checksum of these two bytes.
  const records = Buffer.concat([
    Buffer.from('04224d18604082', 'hex'),
    ...Array.from({ length: blocks }, (_, index) => lz4Block(literalOf(index))),
    Buffer.alloc(4),
  ])
  return {
    count: 1,
    batch: encodeRawBatch({ count: 1, compression: 3, firstTimestamp: 0n, maxTimestamp: 0n, records }),
  }
}
