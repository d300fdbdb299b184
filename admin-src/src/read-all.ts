import { readRanges, type OffsetRange, type ReadRangesOptions } from '@kafka-etl/kafka'
import { readerGroupPrefix, readStallMs, type AdminContext } from './context.js'

/** Reads committed records of the ranges to their ends; rejects with a sentence when the broker stops giving any. */
export const readAll = async <Range extends OffsetRange>(
  context: AdminContext,
  ranges: readonly Range[],
  onMessage: ReadRangesOptions<Range>['onMessage'],
): Promise<void> => {
  const read = await readRanges({
    kafka: context.kafkajs,
    groupPrefix: readerGroupPrefix(context),
    isolation: 'read_committed',
    ranges,
    onMessage,
    stallMs: readStallMs,
  })
  if (read.ok) return
  const where = read.unread.map(({ topic, partition, to }) => `${topic}/${partition} up to offset ${to}`).join(', ')
  throw new Error(`expected to read ${where}, got nothing more for ${readStallMs / 1000} s`)
}
