import type { EncodableRecord } from './encoded-records.js'
import { encodeHeaders, type RecordHeader } from './headers.js'

type KeyAndValue = { readonly key: Buffer | null; readonly value: Buffer | null }

/** Creates a record from plain parts. `timestampMs` is Kafka's record timestamp in epoch milliseconds. */
export const encodableOf = (
  parts: KeyAndValue & { readonly headers: readonly RecordHeader[]; readonly timestampMs: number },
): EncodableRecord => {
  const headers = encodeHeaders(parts.headers)
  return encodableWith(parts, headers, headers.length, parts.timestampMs)
}

/** The same with encoded headers: the header count comes first, and they end at `headersEnd`. */
export const encodableWith = (
  { key, value }: KeyAndValue,
  headers: Buffer,
  headersEnd: number,
  timestampMs: number,
): EncodableRecord => ({
  key,
  keyStart: 0,
  keyEnd: key?.length ?? 0,
  value,
  valueStart: 0,
  valueEnd: value?.length ?? 0,
  headers,
  headersEnd,
  timestampMs,
})
