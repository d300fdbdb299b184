import type { BlockReader } from './block-reader.js'
import { CorruptBytesError } from './corrupt-records.js'
import { messageHeadBytes } from './message-set.js'
import type { Cut } from './record-stretch.js'
import { readVarint, sizeOfVarint, writeVarint } from './varint.js'

/** A record that is too large to keep, encoded in its format, with only a part of its bytes. */
export type CutRecord = { readonly bytes: Buffer; readonly cut: Cut }

/**
 * Reads one record of format v2 and keeps at most `maxBytes` of its key and of its value, and its headers if they are
 * not larger. It skips the rest without ever holding it in memory.
 */
export const readCutRecord = async (input: BlockReader, maxBytes: number): Promise<CutRecord> => {
  const length = valueOf(await takeVarint(input))
  const end = input.position() + length
  const head = [await input.take(1), await takeVarint(input), await takeVarint(input)]
  const key = await takeCut(input, valueOf(await takeVarint(input)), end, maxBytes)
  const value = await takeCut(input, valueOf(await takeVarint(input)), end, maxBytes)
  const headersBytes = end - input.position()
  const keepsHeaders = headersBytes <= maxBytes
  const headers = keepsHeaders ? await input.take(Math.max(0, headersBytes)) : noHeaders
  if (!keepsHeaders) await input.skip(headersBytes)
  const parts = [...head, encodeVarint(key.length), key.bytes, encodeVarint(value.length), value.bytes, headers]
  const body = parts.reduce((sum, part) => sum + part.length, 0)
  return {
    bytes: Buffer.concat([encodeVarint(body), ...parts]),
    cut: {
      keyBytes: key.missing,
      valueBytes: value.missing,
      headersBytes: keepsHeaders ? 0 : headersBytes,
    },
  }
}

/** The same for a message of the formats v0 and v1. */
export const readCutMessage = async (input: BlockReader, maxBytes: number): Promise<CutRecord> => {
  const prefix = await input.take(17)
  const end = input.position() - 5 + prefix.readInt32BE(8)
  const rest = await input.take(messageHeadBytes(prefix[16] ?? 0) - 17)
  const key = await takeCut(input, (await input.take(4)).readInt32BE(0), end, maxBytes)
  const value = await takeCut(input, (await input.take(4)).readInt32BE(0), end, maxBytes)
  const parts = [rest, encodeInt32(key.length), key.bytes, encodeInt32(value.length), value.bytes]
  const bytes = Buffer.concat([prefix, ...parts])
  bytes.writeInt32BE(bytes.length - 12, 8)
  return { bytes, cut: { keyBytes: key.missing, valueBytes: value.missing, headersBytes: 0 } }
}

const noHeaders = Buffer.from([0])

type CutField = { readonly length: number; readonly bytes: Buffer; readonly missing: number }

const takeCut = async (input: BlockReader, length: number, end: number, maxBytes: number): Promise<CutField> => {
  if (length < 0) return { length: -1, bytes: Buffer.alloc(0), missing: 0 }
  if (input.position() + length > end)
    throw new CorruptBytesError(`expected a field within its record, got one of ${length} bytes`)
  const kept = Math.min(length, maxBytes)
  const bytes = await input.take(kept)
  await input.skip(length - kept)
  return { length: kept, bytes, missing: length - kept }
}

/** The bytes of a varint, 10 at most. */
const takeVarint = async (input: BlockReader): Promise<Buffer> => {
  const bytes: Buffer[] = []
  do bytes.push(await input.take(1))
  while ((bytes.at(-1)?.[0] ?? 0) >= 0x80 && bytes.length < 10)
  return Buffer.concat(bytes)
}

const valueOf = (varint: Buffer): number => readVarint({ buffer: varint, at: 0 })

const encodeVarint = (value: number): Buffer => {
  const bytes = Buffer.alloc(sizeOfVarint(value))
  writeVarint(bytes, 0, value)
  return bytes
}

const encodeInt32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
