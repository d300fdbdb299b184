import type { InputRecord, StepOutcome } from './step-outcome.js'

/** A record, and what became of it. */
export type Handled = { readonly record: InputRecord; readonly outcome: StepOutcome }

/**
 * What became of an update: its rows, then the record that ends it. If that is rejected, so is each row, except those that
 * were rejected for themselves; records that held no value are nobody's rows.
 */
export const settleUpdate = (rows: readonly Handled[], end: Handled): readonly Handled[] => {
  const { outcome } = end
  if (outcome.kind !== 'rejected') return [...rows, end]
  return rows.map((row) => {
    const isKept = row.outcome.kind === 'rejected' || (row.outcome.kind === 'made' && row.outcome.isEmpty === true)
    return isKept ? row : { record: row.record, outcome }
  })
}
