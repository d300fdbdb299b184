import type { Headers, OutputRecord } from './input-record.js'

/** What a record batch takes besides its records (DefaultRecordBatch.RECORD_BATCH_OVERHEAD). */
export const batchOverheadBytes = 61

// Length, attributes, timestamp and offset deltas, key and value lengths and the header count, each at its longest.
const recordOverheadBytes = 36
const headerOverheadBytes = 10

/** At most so many bytes does a record take in a batch; never less than it really does. */
export const recordBytesAtMost = ({ key, value, headers }: OutputRecord): number =>
  recordOverheadBytes + byteLength(key) + byteLength(value) + headerBytesAtMost(headers)

const headerBytesAtMost = (headers: Headers): number => {
  let bytes = 0
  for (const name in headers) {
    const value = headers[name]
    const values = Array.isArray(value) ? value : [value]
    for (const one of values) bytes += headerOverheadBytes + Buffer.byteLength(name) + byteLength(one)
  }
  return bytes
}

const byteLength = (bytes: Buffer | string | null | undefined): number =>
  bytes === null || bytes === undefined ? 0 : Buffer.byteLength(bytes)
