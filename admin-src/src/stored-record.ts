import { headerNames, type RecordView } from '@kafka-etl/kafka'

export type Header = { readonly key: string; readonly value: Buffer | null }

/** A record as it is in its topic, its headers in their order, those of one name too. */
export type StoredRecord = {
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
}

/** A copy of what the view shows, which the next record takes over. */
export const toStoredRecord = (view: RecordView): StoredRecord => ({
  offset: BigInt(view.offsetNumber),
  key: view.key === null ? null : Buffer.from(view.key),
  value: view.value === null ? null : Buffer.from(view.value),
  headers: readHeaders(view),
})

/** The text of the last header with this name, which is the one that counts; undefined if there is none. */
export const lastHeaderText = (headers: readonly Header[], name: string): string | undefined =>
  headers.findLast(({ key }) => key === name)?.value?.toString()

/** The headers of a record that the ETL has written: those that it took over, and those that it added behind them. */
export type SplitHeaders = { readonly original: readonly Header[]; readonly added: readonly Header[] }

/**
 * The ETL's own headers begin with its `source`, the last header of that name; whatever comes before is the input
 * record's, also if it has the name of one of the ETL's.
 */
export const splitHeaders = (headers: readonly Header[]): SplitHeaders => {
  const start = headers.findLastIndex(({ key }) => key === headerNames.source)
  return start < 0
    ? { original: headers, added: [] }
    : { original: headers.slice(0, start), added: headers.slice(start) }
}

/** All headers of the record, in their order. */
export const readHeaders = ({ buffer, headersStart, headersEnd }: RecordView): readonly Header[] => {
  const headers: Header[] = []
  let at = headersStart
  const readLength = (): number => {
    let zigzag = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = buffer[at++] ?? 0
      zigzag += (byte & 0x7f) * scale
      if (byte < 0x80) return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
    }
  }
  const readBytes = (): Buffer | null => {
    const length = readLength()
    if (length < 0) return null
    at += length
    return Buffer.from(buffer.subarray(at - length, at))
  }
  for (let left = readLength(); left > 0 && at < headersEnd; left--) {
    headers.push({ key: readBytes()?.toString() ?? '', value: readBytes() })
  }
  return headers
}
