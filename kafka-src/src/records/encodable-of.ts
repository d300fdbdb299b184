import type { EncodableRecord } from './encoded-records.js'
import { encodeHeaders, type RecordHeader } from './headers.js'

/** A record from plain parts: `timestampMs` is Kafka's record timestamp in epoch milliseconds. */
export const encodableOf = (parts: {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
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
