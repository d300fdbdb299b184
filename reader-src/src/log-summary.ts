import type { Logger } from '@kafka-etl/common'
import type { TakenBatch } from './rows/batch-rows.js'
import type { TopicResult } from './topic/partitions.js'

export type LogSummary = {
  /**
   * Logs what a batch left out of the file: at most one line of each kind per second, however many batches there are.
   */
  readonly leftOut: (partition: number, taken: TakenBatch) => void
  /** Logs how many rows were written since the previous line; `lag` is undefined while the broker does not answer. */
  readonly rows: (rowsNow: number, lag: number | undefined) => void
}

export type LogSummaryOptions = {
  readonly logger: Logger
  readonly monotonicMs: () => number
  readonly result: TopicResult
  /** How many rows the file has at the start. */
  readonly rowsAtStart: number
}

/** Logs the reader's work. */
export const createLogSummary = ({ logger, monotonicMs, result, rowsAtStart }: LogSummaryOptions): LogSummary => {
  const { topic, files } = result
  // The default pipeline has only one file, which needs no name.
  const prefix = files.path === 'results.csv' ? '' : `${files.path}: `
  const unreadableSum = createSum(monotonicMs)
  const repeatSum = createSum(monotonicMs)
  let rows = rowsAtStart
  const reportUnreadable = (partition: number, [first, ...others]: TakenBatch['unreadable']): void => {
    const records = first ? unreadableSum(others.length + 1) : 0
    if (!first || records === 0) return
    logger.warn(
      { topic, partition, offset: String(first.offset), records },
      `${topic}/${partition}/${first.offset}: skipped records that the ETL did not write (${records}): ${first.reason}`,
    )
  }
  const reportRepeats = (partition: number, { repeats, lastRepeat }: TakenBatch): void => {
    const records = repeats > 0 ? repeatSum(repeats) : 0
    if (records === 0) return
    logger.warn(
      { topic, partition, offset: String(lastRepeat), records },
      `${topic}/${partition}/${lastRepeat ?? '?'}: dropped records whose input record has its row in ${files.path} already (${records})`,
    )
  }
  return {
    leftOut: (partition, taken) => {
      reportUnreadable(partition, taken.unreadable)
      reportRepeats(partition, taken)
    },
    rows: (rowsNow, lag) => {
      // Fewer rows than before: the file was rotated.
      const written = rowsNow < rows ? rowsNow : rowsNow - rows
      rows = rowsNow
      if (written > 0) logger.info({ topic, written, rows, lag }, `${prefix}${lineOf(written, rows, lag)}`)
    },
  }
}

const lineOf = (written: number, rows: number, lag: number | undefined): string =>
  `wrote ${written} ${written === 1 ? 'row' : 'rows'}, ${rows} in all, lag ${lag ?? 'unknown'}`

const lineEveryMs = 1_000

/** Accumulates what has not been logged yet, and returns it when a line is due; otherwise 0. */
const createSum = (monotonicMs: () => number): ((count: number) => number) => {
  let loggedMs = -Infinity
  let pending = 0
  return (count) => {
    pending += count
    if (monotonicMs() - loggedMs < lineEveryMs) return 0
    loggedMs = monotonicMs()
    const due = pending
    pending = 0
    return due
  }
}
