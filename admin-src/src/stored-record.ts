import { headerNames, readHeaders, type RecordHeader, type RecordView } from '@kafka-etl/kafka'

/** A record as it is in its topic, its headers in their order, those of one name too. */
export type StoredRecord = {
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** A copy of what the view shows, which the next record takes over. */
export const toStoredRecord = (view: RecordView): StoredRecord => {
  const { buffer, headersStart, headersEnd, key, value } = view
  const headers = Buffer.from(buffer.subarray(headersStart, headersEnd))
  return {
    offset: view.offset,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: readHeaders({ buffer: headers, headersStart: 0, headersEnd: headers.length }),
  }
}

/** The text of the last header with this name, which is the one that counts; undefined if there is none. */
export const lastHeaderText = (headers: readonly RecordHeader[], name: string): string | undefined =>
  headers.findLast(({ key }) => key === name)?.value?.toString()

/** The headers of a record that the ETL has written: those that it took over, and those that it added behind them. */
export type SplitHeaders = { readonly original: readonly RecordHeader[]; readonly added: readonly RecordHeader[] }

/**
 * The ETL's own headers begin with its `source`, the last header of that name; whatever comes before is the input
 * record's, also if it has the name of one of the ETL's.
 */
export const splitHeaders = (headers: readonly RecordHeader[]): SplitHeaders => {
  const start = headers.findLastIndex(({ key }) => key === headerNames.source)
  return start < 0
    ? { original: headers, added: [] }
    : { original: headers.slice(0, start), added: headers.slice(start) }
}
