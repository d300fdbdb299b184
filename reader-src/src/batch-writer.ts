import { createBatchRows, type TakenBatch } from './batch-rows.js'
import type { FetchedBatch } from './consumption.js'
import type { Partitions } from './partitions.js'
import type { PartitionPosition } from './positions.js'
import { createRowBuffer, writtenRows } from './row-buffer.js'
import type { TransferOptions } from './transfer.js'

export type BatchWriter = (batch: FetchedBatch) => Promise<PartitionPosition>

/** Writes batches to the file, one at a time, and says what was passed over. */
export const createBatchWriter = (options: TransferOptions, partitions: Partitions): BatchWriter => {
  const { context, metrics, health, results, spaceWait } = options
  const takeRows = createBatchRows({ spreadsheetSafe: context.settings.spreadsheetSafe })
  const rows = createRowBuffer()
  return async ({ partition, records, lastOffset, heartbeat }) => {
    rows.length = 0
    const taken = takeRows({ records, lastOffset }, partitions.positionOf(partition), rows)
    if (taken.written > 0) {
      spaceWait.keepAliveBy(heartbeat)
      const endTimer = metrics.appendSeconds.startTimer()
      const moved = new Map([...partitions.positions(), [partition, taken.position]])
      await results.append(writtenRows(rows), { rowCount: taken.written, partitions: moved })
      endTimer()
      spaceWait.resume()
      metrics.rowsWritten.inc(taken.written)
      metrics.bytesWritten.inc(rows.length)
    }
    health.lastRecordMs = Number(records.at(-1)?.timestamp ?? health.lastRecordMs)
    report(options, partition, taken)
    return taken.position
  }
}

/** A line a batch at most, however many records it is about. */
const report = (
  { context: { logger, settings }, metrics }: TransferOptions,
  partition: number,
  { duplicates, unreadable }: TakenBatch,
): void => {
  const topic = settings.outputTopic
  const [first] = unreadable
  if (first) {
    metrics.recordsUnreadable.inc(unreadable.length)
    logger.warn(
      { topic, partition, offset: first.offset, records: unreadable.length },
      `passed over ${unreadable.length} records that are not of the ETL, the first at offset ${first.offset}: ${first.reason}`,
    )
  }
  if (duplicates > 0) {
    metrics.duplicatesDropped.inc(duplicates)
    logger.warn(
      { topic, partition, records: duplicates },
      `dropped ${duplicates} records whose source is in results.csv already; if an input topic was deleted and made again, start a new file: move results.csv and results.positions.json away, both`,
    )
  }
}

/** Saves positions that moved without rows, such as over commit markers. */
export const keepPositions = async ({ results }: TransferOptions, partitions: Partitions): Promise<void> => {
  const moved = partitions.positions()
  const saved = results.positions().partitions
  const isSaved = [...moved].every(([partition, { next }]) => saved.get(partition)?.next === next)
  if (!isSaved) await results.append(Buffer.alloc(0), { rowCount: 0, partitions: moved })
}
