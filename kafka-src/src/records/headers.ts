import { readVarint, sizeOfVarint, writeVarint, type Cursor } from './varint.js'

/** A header of a record. Names may repeat, and the order matters. */
export type RecordHeader = { readonly key: string; readonly value: Buffer | null }

/** The position of a record's headers; the header count comes first. */
export type HeaderBytes = { readonly buffer: Buffer; readonly headersStart: number; readonly headersEnd: number }

/** All headers, in order. */
export const readHeaders = ({ buffer, headersStart, headersEnd }: HeaderBytes): readonly RecordHeader[] => {
  const headers: RecordHeader[] = []
  const cursor = { buffer, at: headersStart }
  const count = readVarint(cursor)
  for (let index = 0; index < count && cursor.at < headersEnd; index++) {
    const key = readBytes(cursor) ?? noBytes
    headers.push({ key: key.toString(), value: readBytes(cursor) })
  }
  return headers
}

/** The value of the first header with this name; undefined if there is none. It decodes no other value. */
export const readHeader = (
  { buffer, headersStart, headersEnd }: HeaderBytes,
  name: string,
): Buffer | null | undefined => {
  const cursor = { buffer, at: headersStart }
  const count = readVarint(cursor)
  const wanted = nameBytes(name)
  for (let index = 0; index < count && cursor.at < headersEnd; index++) {
    const length = readVarint(cursor)
    const start = cursor.at
    cursor.at += Math.max(0, length)
    if (length === wanted.length && wanted.compare(buffer, start, cursor.at) === 0) return readBytes(cursor)
    const skipped = readVarint(cursor)
    cursor.at += Math.max(0, skipped)
  }
  return undefined
}

/** Headers by name. Several headers with the same name become a list. */
export type HeadersByName = Readonly<Record<string, Buffer | null | readonly (Buffer | null)[] | undefined>>

export const readHeadersByName = (bytes: HeaderBytes): HeadersByName => {
  const values = new Map<string, (Buffer | null)[]>()
  for (const { key, value } of readHeaders(bytes)) {
    const known = values.get(key)
    if (known) known.push(value)
    else values.set(key, [value])
  }
  // Avoid assignment by key: a header may be called __proto__.
  return Object.fromEntries([...values].map(([key, all]) => [key, all.length === 1 ? all[0] : all]))
}

/** Encodes the headers as in a record, with their count in front. */
export const encodeHeaders = (headers: readonly RecordHeader[]): Buffer => {
  const encoded = headers.map(({ key, value }) => ({ key: Buffer.from(key), value }))
  const sizes = encoded.map(({ key, value }) => sizeOfBytes(key) + sizeOfBytes(value))
  const target = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, sizeOfVarint(headers.length)))
  let at = writeVarint(target, 0, headers.length)
  for (const { key, value } of encoded) at = writeBytes(target, writeBytes(target, at, key), value)
  return target
}

const noBytes: Buffer = Buffer.alloc(0)
const names = new Map<string, Buffer>()

/** The bytes of a name, cached: callers ask for the few names of this project again and again. */
const nameBytes = (name: string): Buffer => {
  const known = names.get(name)
  if (known) return known
  const bytes = Buffer.from(name)
  if (names.size < 100) names.set(name, bytes)
  return bytes
}

const readBytes = (cursor: Cursor): Buffer | null => {
  const length = readVarint(cursor)
  if (length < 0) return null
  const start = cursor.at
  cursor.at += length
  return cursor.buffer.subarray(start, cursor.at)
}

const sizeOfBytes = (bytes: Buffer | null): number => (bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length)

const writeBytes = (target: Buffer, start: number, bytes: Buffer | null): number => {
  const at = writeVarint(target, start, bytes === null ? -1 : bytes.length)
  return bytes === null ? at : at + bytes.copy(target, at)
}
