import type { LogPage, LogRange } from '@kafka-etl/kafka'
import { createRecordCounter, type RecordCounter } from './record-counter.js'

/** How far a partition's records are counted. */
export type Tally = {
  readonly counter: RecordCounter
  /** Where counting began. */
  readonly from: bigint
  /** The number of offsets before that; each is assumed to be a record. */
  readonly uncounted: number
  readonly next: bigint
}

/** Older offsets of a longer log are not counted: it would take minutes. */
const countedOffsets = 1_000_000n

export const openTally = ({ start, stableEnd }: LogRange): Tally => {
  const from = stableEnd - start > countedOffsets ? stableEnd - countedOffsets : start
  return { counter: createRecordCounter(Number(from)), from, uncounted: Number(from - start), next: from }
}

/** The tally to continue with. It is a new one if the log ends before it, since its topic was recreated then. */
export const keepTally = (tally: Tally | undefined, log: LogRange): Tally => {
  if (!tally || log.stableEnd < tally.next) return openTally(log)
  return log.start > tally.next ? { ...tally, next: log.start } : tally
}

export const addPage = (tally: Tally, { spans, nextOffset }: Pick<LogPage, 'spans' | 'nextOffset'>): Tally => {
  const from = Number(tally.next)
  tally.counter.add(
    spans.map((span) =>
      span.firstOffset < from
        ? { ...span, firstOffset: from, records: Math.min(span.records, span.lastOffset - from + 1) }
        : span,
    ),
  )
  return { ...tally, next: nextOffset > tally.next ? nextOffset : tally.next }
}

export type TallyCount = { readonly records: number; readonly isExact: boolean }

/** The committed records of the partition. Records that are not counted yet are estimated from those that are. */
export const countRecords = ({ counter, uncounted, from, next }: Tally, { stableEnd }: LogRange): TallyCount => {
  const offsets = Number(next - from)
  const waiting = Number(stableEnd - next)
  const share = offsets === 0 ? 1 : counter.total() / offsets
  return {
    records: uncounted + counter.total() + Math.round(waiting * share),
    isExact: uncounted === 0 && waiting <= 0,
  }
}

/** The records from an offset on, such as a group's committed one. */
export const countFrom = (tally: Tally, log: LogRange, offset: bigint): number => {
  const { records } = countRecords(tally, log)
  const at = offset > log.start ? offset : log.start
  const before =
    at < tally.from
      ? Number(at - log.start)
      : at > tally.next
        ? records - Number(log.stableEnd - at)
        : tally.uncounted + tally.counter.before(Number(at))
  return Math.max(0, records - before)
}
