import { constants } from 'node:buffer'
import { createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { CorruptBytesError } from './corrupt-records.js'
import { createDecompressionWindow, type DecompressionWindow } from './decompression-window.js'
import { decompressLz4 } from './lz4.js'
import type { Compression } from './record-batch.js'
import { decompressSnappy } from './snappy.js'

export type Compressed = Exclude<Compression, 'none'>

/** Blocks of decompressed bytes. A block is valid until the next one is requested. */
export type Blocks = AsyncIterable<Buffer> | Iterable<Buffer>

/**
 * V8 frees blocks when it collects its young generation, which fills with the small objects around each block: the
 * smaller the blocks, the fewer bytes wait to be freed.
 */
const blockBytes = 32_768
const windowBytes = 262_144

/** Decompresses on demand, block by block. Memory does not depend on how large the decompressed bytes are. */
export const decompressStream = (compression: Compressed, bytes: Buffer): Blocks => {
  switch (compression) {
    case 'gzip':
      return streamOf(createGunzip({ chunkSize: blockBytes }), bytes)
    case 'zstd':
      return streamOf(createZstdDecompress({ chunkSize: blockBytes }), bytes)
    case 'snappy':
      return decompressSnappy(bytes, createDecompressionWindow(windowBytes))
    case 'lz4':
      return decompressLz4(bytes, createDecompressionWindow(windowBytes))
  }
}

/** Decompresses everything at once, which is faster for small batches. Undefined if the result exceeds `maxBytes`. */
export const decompressWhole = (compression: Compressed, bytes: Buffer, maxBytes: number): Buffer | undefined => {
  switch (compression) {
    case 'gzip':
      return withinBytes(() => gunzipSync(bytes, zlibOptions(bytes, maxBytes)))
    case 'zstd':
      return withinBytes(() => zstdDecompressSync(bytes, zlibOptions(bytes, maxBytes)))
    case 'snappy':
      return collect(maxBytes, bytes, decompressSnappy)
    case 'lz4':
      return collect(maxBytes, bytes, decompressLz4)
  }
}

/** The memory of one decompression stream in bytes: mostly the window size that the writer chose. */
export const decompressionMemoryBytes = (compression: Compressed, bytes: Buffer): number =>
  4 * blockBytes + (compression === 'zstd' ? zstdWindowBytes(bytes) : windowBytes)

const streamOf = (stream: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>, bytes: Buffer) => {
  stream.end(bytes)
  return stream
}

const zlibOptions = (bytes: Buffer, maxBytes: number) => ({
  maxOutputLength: Math.min(maxBytes, constants.MAX_LENGTH),
  chunkSize: Math.max(64, Math.min(maxBytes, Math.max(16_384, 8 * bytes.length))),
})

const withinBytes = (decompress: () => Buffer): Buffer | undefined => {
  try {
    return decompress()
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw asCorrupt(error)
  }
}

type Decompress = (bytes: Buffer, window: DecompressionWindow) => Generator<Buffer, void>

/** Decompresses into one window that is large enough for everything: usually no block has to be copied. */
const collect = (maxBytes: number, bytes: Buffer, decompress: Decompress): Buffer | undefined => {
  const window = createDecompressionWindow(Math.min(maxBytes, 8 * bytes.length))
  const blocks: Buffer[] = []
  let length = 0
  for (const block of decompress(bytes, window)) {
    length += block.length
    if (length > maxBytes) return undefined
    blocks.push(blocks.length === 0 && isLastOf(window) ? block : Buffer.from(block))
  }
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks)
}

const isLastOf = (window: DecompressionWindow): boolean => window.end < window.buffer.length

/** The window size of a zstd frame, or its content size if it is a single segment (RFC 8878, 3.1.1.1). */
const zstdWindowBytes = (bytes: Buffer): number => {
  if (bytes.length < 14) return 0
  const descriptor = bytes[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  const windowDescriptor = bytes[5] ?? 0
  if (!isSingleSegment) return 2 ** (10 + (windowDescriptor >>> 3)) * (1 + (windowDescriptor & 7) / 8)
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const at = 5 + dictionaryBytes
  const size = [bytes[at] ?? 0, bytes.readUInt16LE(at), bytes.readUInt32LE(at), 2 ** 32][descriptor >>> 6] ?? 0
  return Math.min(size, 2 ** 27)
}

/**
 * Turns a decompressor's error about invalid bytes into a {@link CorruptBytesError}; returns other errors unchanged.
 */
export const asCorrupt = (error: unknown): unknown =>
  /^(Z_|ZSTD_|ERR_)/.test(codeOf(error)) ? new CorruptBytesError(messageOf(error), { cause: error }) : error

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
