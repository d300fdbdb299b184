import { createFormatRow } from '@kafka-etl/pipeline'
import type { ResultPlan } from '../result-plan.js'
import type { AppendRow } from './batch-rows.js'
import { appendFastRow } from './fast-row.js'
import { appendText } from './row-buffer.js'
import { formatTimestampsRow, timestampsColumns, type CsvOptions } from './timestamps-row.js'

/** Creates the function that turns the records of a result into its rows. */
export const createAppendRow = (
  { pipeline, columns, format }: Pick<ResultPlan, 'pipeline' | 'columns' | 'format'>,
  options: CsvOptions,
): AppendRow => {
  const formatRow = createFormatRow(columns, { format, spreadsheetSafe: options.spreadsheetSafe })
  if (columns.join() !== timestampsColumns.join()) return appendFormatted(formatRow)
  // Any other writer may produce such records: bytes of this shape give the same row.
  const appendSlow = appendFormatted(
    pipeline === 'timestamps' ? ({ value }) => formatTimestampsRow(value, options) : formatRow,
  )
  return (rows, record) => (appendFastRow(rows, record, options) ? undefined : appendSlow(rows, record))
}

const appendFormatted =
  (format: ReturnType<typeof createFormatRow>): AppendRow =>
  (rows, record) => {
    const row = format(record)
    if (!row.ok) return row.reason
    appendText(rows, `${row.text}\n`)
    return undefined
  }
