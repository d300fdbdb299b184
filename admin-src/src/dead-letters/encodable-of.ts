import { sizeOfVarint, writeVarint, type EncodableRecord } from '@kafka-etl/kafka'
import type { Header } from '../stored-record.js'

/** A record from plain parts: `timestampMs` is Kafka's record timestamp in epoch milliseconds. */
export const encodableOf = (parts: {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
  readonly timestampMs: number
}): EncodableRecord => {
  const { key, value, timestampMs } = parts
  const headers = encodeHeaders(parts.headers)
  return {
    key,
    keyStart: 0,
    keyEnd: key?.length ?? 0,
    value,
    valueStart: 0,
    valueEnd: value?.length ?? 0,
    headers,
    headersEnd: headers.length,
    timestampMs,
  }
}

const encodeHeaders = (headers: readonly Header[]): Buffer =>
  Buffer.concat([
    encodeVarint(headers.length),
    ...headers.flatMap(({ key, value }) => [...encodeBytes(Buffer.from(key)), ...encodeBytes(value)]),
  ])

const encodeBytes = (bytes: Buffer | null): readonly Buffer[] =>
  bytes === null ? [encodeVarint(-1)] : [encodeVarint(bytes.length), bytes]

const encodeVarint = (value: number): Buffer => {
  const bytes = Buffer.alloc(sizeOfVarint(value))
  writeVarint(bytes, 0, value)
  return bytes
}
