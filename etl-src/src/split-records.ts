import type { RecordView, RecordViews } from '@kafka-etl/kafka'

/** Consecutive records of a chunk; the records after them begin at `nextOffset`. */
export type RecordsPart = { readonly records: RecordViews; readonly nextOffset: bigint }

const sizeOf = ({ keyLength, valueLength }: RecordView): number => Math.max(0, keyLength) + Math.max(0, valueLength)

/**
 * Splits records into parts. A part has at most as many bytes of keys and values as `maxBytes` returns when the part
 * begins; a larger record is a separate part. `nextOffset` is the offset after the last record. Without a bound, no
 * record is read; otherwise the records of each part are, from the first one on.
 */
export function* splitRecords(
  records: RecordViews,
  nextOffset: bigint,
  maxBytes: () => number,
): Generator<RecordsPart> {
  for (let from = 0; ;) {
    const end = findEnd(records, from, maxBytes())
    if (end === undefined) {
      yield { records: from === 0 ? records : between(records, from, Number.POSITIVE_INFINITY), nextOffset }
      return
    }
    yield { records: between(records, from, end.index), nextOffset: BigInt(end.offset) }
    from = end.index
  }
}

/** The records before the first one for which `isFirst` is true, if any, and those from that one on. */
export const splitBefore = (
  { records, nextOffset }: RecordsPart,
  isFirst: (record: RecordView) => boolean,
): readonly [RecordsPart | undefined, RecordsPart] => {
  let index = 0
  let found: { readonly index: number; readonly offset: number } | undefined
  records.forEach((record) => {
    const at = index++
    if (found === undefined && isFirst(record)) found = { index: at, offset: record.offsetNumber }
  })
  if (found === undefined || found.index === 0) return [undefined, { records, nextOffset }]
  return [
    { records: between(records, 0, found.index), nextOffset: BigInt(found.offset) },
    { records: between(records, found.index, Number.POSITIVE_INFINITY), nextOffset },
  ]
}

/** The bytes of their keys and values. */
export const bytesOf = (records: RecordViews): number => {
  let bytes = 0
  records.forEach((record) => void (bytes += sizeOf(record)))
  return bytes
}

/** The first record after the part that begins at `from`; undefined if there is none. */
const findEnd = (
  records: RecordViews,
  from: number,
  maxBytes: number,
): { readonly index: number; readonly offset: number } | undefined => {
  if (maxBytes === Number.POSITIVE_INFINITY) return undefined
  let index = 0
  let bytes = 0
  let end: { readonly index: number; readonly offset: number } | undefined
  records.forEach((record) => {
    const at = index++
    if (at < from || end !== undefined) return
    bytes += sizeOf(record)
    if (at > from && bytes > maxBytes) end = { index: at, offset: record.offsetNumber }
  })
  return end
}

const between = (records: RecordViews, from: number, to: number): RecordViews => ({
  forEach: (visit) => {
    let index = 0
    records.forEach((record) => {
      const at = index++
      if (at >= from && at < to) visit(record)
    })
  },
})
