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
  const report = createReport(options)
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
    const last = records.at(-1)
    if (last) health.lastRecordAtMs = Number(last.timestamp)
    report(partition, taken)
    return taken.position
  }
}

/** A line of a kind a second at most, however many batches it is about: the metrics count all of them. */
const createReport = ({ context, metrics }: TransferOptions): ((partition: number, taken: TakenBatch) => void) => {
  const { logger, clock, settings } = context
  const topic = settings.outputTopic
  const unreadables = createSum(clock.monotonicMs)
  const repeats = createSum(clock.monotonicMs)
  return (partition, { duplicates, lastDuplicate, unreadable: [first, ...others] }) => {
    const at = (offset = '?'): string => `${topic}/${partition}/${offset}`
    if (first) {
      metrics.recordsUnreadable.inc(others.length + 1)
      const records = unreadables(others.length + 1)
      if (records > 0) {
        const where = { topic, partition, offset: first.offset, records }
        logger.warn(
          where,
          `${at(first.offset)}: passed over records that are not of the ETL (${records}): ${first.reason}`,
        )
      }
    }
    if (duplicates > 0) {
      metrics.duplicatesDropped.inc(duplicates)
      const records = repeats(duplicates)
      if (records > 0) {
        logger.warn(
          { topic, partition, offset: lastDuplicate, records },
          `${at(lastDuplicate)}: dropped records whose source is in results.csv already (${records}); if an input topic was deleted and made again, start a new file: move results.csv and results.positions.json away, both`,
        )
      }
    }
  }
}

const lineEveryMs = 1_000

/** Adds up what is not said yet, and gives it when a line is due; else 0. */
const createSum = (monotonicMs: () => number): ((count: number) => number) => {
  let saidMs = -Infinity
  let pending = 0
  return (count) => {
    pending += count
    if (monotonicMs() - saidMs < lineEveryMs) return 0
    saidMs = monotonicMs()
    const due = pending
    pending = 0
    return due
  }
}

/** Saves positions that moved without rows, such as over commit markers. */
export const keepPositions = async ({ results }: TransferOptions, partitions: Partitions): Promise<void> => {
  const moved = partitions.positions()
  const saved = results.positions().partitions
  const isSaved = [...moved].every(([partition, { next }]) => saved.get(partition)?.next === next)
  if (!isSaved) await results.append(Buffer.alloc(0), { rowCount: 0, partitions: moved })
}
