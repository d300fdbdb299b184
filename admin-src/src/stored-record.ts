import { headerNames, readHeaders, type RecordHeader, type RecordView } from '@kafka-etl/kafka'

/** A record as in its topic. Its headers are in order, and names may repeat. */
export type StoredRecord = {
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
  /** How many bytes of the value were left out, since nobody needs a value so large. */
  readonly missingValueBytes?: number
}

/** Copies what the view shows, before the view moves to the next record. */
export const toStoredRecord = (view: RecordView): StoredRecord => {
  const { buffer, headersStart, headersEnd, key, value } = view
  const headers = Buffer.from(buffer.subarray(headersStart, headersEnd))
  return {
    offset: view.offset,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: readHeaders({ buffer: headers, headersStart: 0, headersEnd: headers.length }),
    missingValueBytes: view.missingValueBytes,
  }
}

/** The text of the last header with this name, which is the one that counts; undefined if there is none. */
export const lastHeaderText = (headers: readonly RecordHeader[], name: string): string | undefined =>
  headers.findLast(({ key }) => key === name)?.value?.toString()

/** The headers of a record from the ETL: those of the input record, then those that the ETL added. */
export type SplitHeaders = { readonly original: readonly RecordHeader[]; readonly added: readonly RecordHeader[] }

/**
 * The ETL's own headers begin with the last header called `source`. Everything before it belongs to the input record,
 * even if it has a name that the ETL uses.
 */
export const splitHeaders = (headers: readonly RecordHeader[]): SplitHeaders => {
  const start = headers.findLastIndex(({ key }) => key === headerNames.source)
  return start < 0
    ? { original: headers, added: [] }
    : { original: headers.slice(0, start), added: headers.slice(start) }
}
