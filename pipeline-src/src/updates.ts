import type { InputRecord, StepOutcome } from './step-outcome.js'

/** A record and its outcome. */
export type Handled = { readonly record: InputRecord; readonly outcome: StepOutcome }

/**
 * The outcomes of an update: those of its rows, then that of the record that ends it. If the last record is rejected,
 * so is each row. Rows that were rejected already keep their reason, and records without values are not affected.
 */
export const settleUpdate = (rows: readonly Handled[], end: Handled): readonly Handled[] => {
  const { outcome } = end
  if (outcome.kind !== 'rejected') return [...rows, end]
  return rows.map((row) => {
    const isKept = row.outcome.kind === 'rejected' || (row.outcome.kind === 'made' && row.outcome.isEmpty === true)
    return isKept ? row : { record: row.record, outcome }
  })
}
