import type { PrepareValues } from '@kafka-etl/pipeline'
import type { ResultsFile } from './file/results-file.js'
import type { FullDisk } from './file/full-disk.js'
import type { FetchedStretch } from './reader-loop.js'
import type { ResultHealth } from './health.js'
import type { LogSummary } from './log-summary.js'
import type { ResultMetrics } from './metrics.js'
import { createBatchRows, type AppendRow } from './rows/batch-rows.js'
import { createRowBuffer, writtenRows } from './rows/row-buffer.js'
import type { Partitions } from './topic/partitions.js'

export type AppendBatchOptions = {
  readonly results: ResultsFile
  readonly fullDisk: FullDisk
  readonly partitions: Partitions
  readonly health: ResultHealth
  readonly metrics: ResultMetrics
  readonly logSummary: LogSummary
  readonly appendRow: AppendRow
  /** Fetches what is needed to read the values. */
  readonly prepare?: PrepareValues | undefined
}

/**
 * Creates the function that appends the rows of a stretch to the file and moves its partition's position. It takes one
 * stretch at a time.
 */
export const createAppendBatch = (options: AppendBatchOptions): ((stretch: FetchedStretch) => Promise<void>) => {
  const { results, fullDisk, partitions, health, metrics, logSummary, appendRow, prepare } = options
  const takeRows = createBatchRows(appendRow)
  const rows = createRowBuffer()
  return async ({ partition, records, nextOffset, heartbeat }) => {
    const prepared = prepare?.(valuesOf(records))
    if (prepared) await prepared
    rows.length = 0
    const taken = takeRows({ records, nextOffset }, partitions.positionOf(partition), rows)
    if (taken.written > 0) {
      fullDisk.keepAliveBy(heartbeat)
      const endTimer = metrics.appendSeconds.startTimer()
      const moved = new Map([[partition, taken.position]])
      await results.append(writtenRows(rows), { rowCount: taken.written, partitions: moved })
      endTimer()
      fullDisk.resume()
      metrics.rowsWritten.inc(taken.written)
      metrics.bytesWritten.inc(rows.length)
    }
    partitions.advance(partition, taken.position)
    health.lastRecordAtMs = taken.lastRecordAtMs ?? health.lastRecordAtMs
    metrics.recordsUnreadable.inc(taken.unreadable.length)
    metrics.duplicatesDropped.inc(taken.repeats)
    logSummary.leftOut(partition, taken)
  }
}

const valuesOf = (records: FetchedStretch['records']): readonly (Buffer | null)[] => {
  const values: (Buffer | null)[] = []
  records.forEach(({ value }) => values.push(value))
  return values
}
