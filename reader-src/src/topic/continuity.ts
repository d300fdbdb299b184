import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { LastRecord, PartitionPosition } from '../file/file-positions.js'

/** How the next stretch of a partition must start if nothing was skipped and the log is the same. */
export type Expectation =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'record'; readonly offset: number; readonly last: LastRecord }

/**
 * The readable part of a partition's log: from `start` up to but not including `stableEnd`, the last stable offset.
 * Records held back by an open transaction come after it. The reader's offsets are numbers: exact up to 2^53.
 */
export type ReadableRange = { readonly start: number; readonly stableEnd: number }

/** The readable part of each partition of the topic. */
export const readReadableRanges = async (
  admin: KafkaAdmin,
  topic: string,
): Promise<ReadonlyMap<number, ReadableRange>> =>
  new Map(
    (await admin.readLogRanges([topic])).map(({ partition, start, stableEnd }) => [
      partition,
      { start: Number(start), stableEnd: Number(stableEnd) },
    ]),
  )

/**
 * Where reading starts after each join. A known partition is read from its last record on, once more: if that record
 * differs, the log is a different one.
 */
export const expectAfterJoin = (position: PartitionPosition | undefined, start: number): Expectation => {
  if (position === undefined || position.next === 0) return { kind: 'offset', offset: start }
  const { last, next } = position
  if (last === undefined || last.offset < start) return { kind: 'offset', offset: next }
  return { kind: 'record', offset: last.offset, last }
}

/** How a fetched stretch starts: the requested offset, and the first visible record. */
export type StretchStart = { readonly fetchedOffset: number; readonly firstRecord: LastRecord | undefined }

/** A sentence if the stretch is not the expected one. */
export const findBreak = (
  expectation: Expectation,
  { fetchedOffset, firstRecord }: StretchStart,
): string | undefined => {
  const { kind, offset } = expectation
  if (fetchedOffset !== offset) return `expected offset ${offset}, got ${fetchedOffset}`
  if (kind === 'offset') return undefined
  const isSame = firstRecord?.offset === offset && firstRecord.crc32 === expectation.last.crc32
  return isSame ? undefined : `expected at offset ${offset} the record that was there before, got another one`
}

/** A sentence if the position cannot belong to this log, or if the log has lost the next records. */
export const findLoss = (next: number, { start, stableEnd }: ReadableRange): string | undefined => {
  if (next > 0 && start > next) {
    return `expected offset ${next} to be there, got a log that starts at ${start}: retention deleted records before they were read, or the topic was recreated`
  }
  if (stableEnd < next) {
    return `expected at least ${next} offsets, got ${stableEnd}: the topic was deleted and recreated, or its broker lost data`
  }
  return undefined
}
