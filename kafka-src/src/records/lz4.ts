import { CorruptBytesError } from './corrupt-records.js'
import {
  copyBack,
  fitLiteral,
  takeBlock,
  writeCopy,
  writeLiteral,
  type DecompressionWindow,
} from './decompression-window.js'

const frameMagic = 0x184d2204
const contentSizeFlag = 0x08
const blockChecksumFlag = 0x10
const dictionaryFlag = 0x01
const storedFlag = 0x80000000

/**
 * Decompresses LZ4 frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md) with independent or linked
 * blocks. A block is valid until the next one is requested. Checksums are ignored: Kafka's first LZ4 frames had wrong
 * ones (KIP-57).
 */
export function* decompressLz4(frame: Buffer, window: DecompressionWindow): Generator<Buffer, void> {
  if (frame.length < 7 || frame.readUInt32LE(0) !== frameMagic) throw new CorruptBytesError('expected an LZ4 frame')
  const flags = frame[4] ?? 0
  if ((flags & dictionaryFlag) !== 0) throw new CorruptBytesError('expected an LZ4 frame without a dictionary')
  const checksumBytes = (flags & blockChecksumFlag) === 0 ? 0 : 4
  let at = 7 + ((flags & contentSizeFlag) === 0 ? 0 : 8)
  for (;;) {
    if (at + 4 > frame.length) throw new CorruptBytesError('expected the end of an LZ4 frame, got the end of its bytes')
    const size = frame.readUInt32LE(at)
    at += 4
    if (size === 0) break
    const length = size & ~storedFlag
    if (at + length > frame.length) throw new CorruptBytesError(`expected an LZ4 block of ${length} bytes`)
    if ((size & storedFlag) === 0) yield* decompressBlock(frame.subarray(at, at + length), window)
    else yield* writeLiteral(window, frame, at, length)
    at += length + checksumBytes
  }
  yield takeBlock(window)
}

/** Decompresses sequences of literal bytes and a copy each; the last sequence has no copy (lz4_Block_format.md). */
function* decompressBlock(block: Buffer, window: DecompressionWindow): Generator<Buffer, void> {
  const cursor = { buffer: block, at: 0 }
  while (cursor.at < block.length) {
    const token = block[cursor.at++] ?? 0
    const literal = readLength(cursor, token >>> 4)
    if (!fitLiteral(window, block, cursor.at, literal)) yield* writeLiteral(window, block, cursor.at, literal)
    cursor.at += literal
    if (cursor.at >= block.length) return
    const distance = (block[cursor.at] ?? 0) | ((block[cursor.at + 1] ?? 0) << 8)
    cursor.at += 2
    const copied = readLength(cursor, token & 0x0f) + 4
    if (window.end + copied <= window.buffer.length) copyBack(window, distance, copied)
    else yield* writeCopy(window, distance, copied)
  }
}

const readLength = (cursor: { readonly buffer: Buffer; at: number }, nibble: number): number => {
  if (nibble < 15) return nibble
  let length = nibble
  for (let byte = 255; byte === 255;) {
    byte = cursor.buffer[cursor.at++] ?? 0
    length += byte
  }
  return length
}
