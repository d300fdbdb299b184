import type { LogRange, OffsetRange, RecordView } from '@kafka-etl/kafka'
import { readerGroupPrefix, readStallMs, type AdminContext } from './context.js'

/** The part of the logs that a read_committed consumer sees. */
export const toWholeRanges = <Log extends LogRange>(logs: readonly Log[]): readonly (Log & OffsetRange)[] =>
  logs.map((log) => ({ ...log, from: log.start, to: log.stableEnd }))

/**
 * Reads committed records of the ranges to their ends. Keeps `maxValueBytes` of each value, if not told otherwise 1 MiB
 * of a compressed one. Each record is valid until `onRecord` is done with it. Rejects
 * with a sentence if the broker stops delivering.
 */
export const readAll = async <Range extends OffsetRange>(
  context: AdminContext,
  ranges: readonly Range[],
  onRecord: (range: Range, record: RecordView) => Promise<void> | void,
  maxValueBytes?: number,
): Promise<void> => {
  const read = await context.kafka.readRanges({
    groupPrefix: readerGroupPrefix(context),
    isolation: 'read_committed',
    ranges,
    onRecord,
    stallMs: readStallMs,
    maxValueBytes,
  })
  if (read.ok) return
  const where = read.unread.map(({ topic, partition, to }) => `${topic}/${partition} up to offset ${to}`).join(', ')
  throw new Error(`expected to read ${where}, got nothing more for ${readStallMs / 1000} s`)
}
