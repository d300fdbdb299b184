import { CorruptBytesError } from './corrupt-records.js'
import {
  copyBack,
  fitLiteral,
  takeBlock,
  writeCopy,
  writeLiteral,
  type DecompressionWindow,
} from './decompression-window.js'

/**
 * The Java client frames snappy as snappy-java does: this magic, two version numbers, then blocks with their lengths.
 */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const xerialHeaderBytes = xerialMagic.length + 8

/** Decompresses both forms that clients write: framed blocks, and one bare block (librdkafka). */
export function* decompressSnappy(bytes: Buffer, window: DecompressionWindow): Generator<Buffer, void> {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    yield* decompressBlock(bytes, window)
    yield takeBlock(window)
    return
  }
  for (let at = xerialHeaderBytes; at < bytes.length;) {
    const length = at + 4 > bytes.length ? -1 : bytes.readInt32BE(at)
    at += 4
    if (length < 0 || at + length > bytes.length)
      throw new CorruptBytesError(`expected a snappy block, got one of ${length} bytes`)
    yield* decompressBlock(bytes.subarray(at, at + length), window)
    at += length
  }
  yield takeBlock(window)
}

/**
 * Decompresses a block: its length, then literal bytes and copies
 * (https://github.com/google/snappy/blob/main/format_description.txt).
 */
function* decompressBlock(block: Buffer, window: DecompressionWindow): Generator<Buffer, void> {
  const { length: expected, end } = readLength(block)
  let written = 0
  for (let at = end; at < block.length;) {
    const tag = block[at++] ?? 0
    if ((tag & 3) === 0) {
      const extraBytes = Math.max(0, (tag >>> 2) - 59)
      const length = 1 + (extraBytes === 0 ? tag >>> 2 : readLittle(block, at, extraBytes))
      at += extraBytes
      if (!fitLiteral(window, block, at, length)) yield* writeLiteral(window, block, at, length)
      at += length
      written += length
      continue
    }
    const { length, distance, bytes } = readCopy(block, at, tag)
    at += bytes
    if (window.end + length <= window.buffer.length) copyBack(window, distance, length)
    else yield* writeCopy(window, distance, length)
    written += length
  }
  if (written !== expected) throw new CorruptBytesError(`expected a snappy block of ${expected} bytes, got ${written}`)
}

type Copy = { readonly length: number; readonly distance: number; readonly bytes: number }

const readCopy = (block: Buffer, at: number, tag: number): Copy => {
  if ((tag & 3) === 1) {
    return { length: 4 + ((tag >>> 2) & 7), distance: ((tag >>> 5) << 8) | (block[at] ?? 0), bytes: 1 }
  }
  const bytes = (tag & 3) === 2 ? 2 : 4
  return { length: 1 + (tag >>> 2), distance: readLittle(block, at, bytes), bytes }
}

const readLittle = (block: Buffer, at: number, bytes: number): number => {
  let value = 0
  for (let index = bytes - 1; index >= 0; index--) value = value * 256 + (block[at + index] ?? 0)
  return value
}

const readLength = (block: Buffer): { readonly length: number; readonly end: number } => {
  let length = 0
  let scale = 1
  for (let end = 0; end < Math.min(5, block.length);) {
    const byte = block[end++] ?? 0
    length += (byte & 0x7f) * scale
    if (byte < 0x80) return { length, end }
    scale *= 0x80
  }
  throw new CorruptBytesError('expected the length of a snappy block')
}
