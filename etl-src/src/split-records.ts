import type { RecordView, RecordViews } from '@kafka-etl/kafka'

/** Consecutive records of a chunk; the records after them begin at `nextOffset`. */
export type RecordsPart = { readonly records: RecordViews; readonly nextOffset: bigint }

const sizeOf = ({ keyLength, valueLength }: RecordView): number => Math.max(0, keyLength) + Math.max(0, valueLength)

/**
 * Parts of at most as many bytes of keys and values as `maxBytes` says when the part begins; a larger record is a part of
 * its own. `nextOffset` is that behind the last record. Without a bound nothing is looked up; else each part is, from the
 * first record on.
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

/** The records before the first of which `isFirst` is true, if there are any, and those from it on. */
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
