import type { BatchSpan } from '@kafka-etl/kafka'

/** Counts the records of a partition by its batches, since offsets also count transaction markers. */
export type RecordCounter = {
  /** Adds the next batches, in order. */
  readonly add: (spans: readonly BatchSpan[]) => void
  /** The records of all batches so far. */
  readonly total: () => number
  /** The records before an offset; an estimate if the offset is too far back. */
  readonly before: (offset: number) => number
  /** When the first batch from this offset on was written, in epoch ms; undefined: unknown, or there is none. */
  readonly timestampAt: (offset: number) => number | undefined
}

type CountedSpan = BatchSpan & { readonly recordsBefore: number }

/** Enough for the usual lag of a group, and about 200 KiB per partition. */
const keptSpans = 2_000

export const createRecordCounter = (startOffset: number): RecordCounter => {
  let total = 0
  let spans: CountedSpan[] = []
  const findFrom = (offset: number): CountedSpan | undefined => {
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((spans[middle]?.lastOffset ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return spans[low]
  }
  return {
    add: (added) => {
      for (const span of added) {
        spans.push({ ...span, recordsBefore: total })
        total += span.records
      }
      if (spans.length > 2 * keptSpans) spans = spans.slice(-keptSpans)
    },
    total: () => total,
    before: (offset) => {
      const span = findFrom(offset)
      if (!span) return total
      const [first] = spans
      if (first && offset < first.firstOffset) return estimateBefore(first, offset, startOffset)
      return span.recordsBefore + Math.min(span.records, Math.max(0, offset - span.firstOffset))
    },
    timestampAt: (offset) => {
      let span = findFrom(offset)
      for (let at = span ? spans.indexOf(span) : -1; span?.records === 0; span = spans[++at]);
      const timestampMs = span?.timestampMs ?? -1
      return timestampMs < 0 ? undefined : timestampMs
    },
  }
}

const estimateBefore = (first: CountedSpan, offset: number, startOffset: number): number => {
  const share = (offset - startOffset) / Math.max(1, first.firstOffset - startOffset)
  return Math.round(first.recordsBefore * Math.min(1, Math.max(0, share)))
}
