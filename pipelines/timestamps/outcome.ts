import type { Rejection } from './reasons.js'

/**
 * A warning about a record that passes, which is counted and logged now and then: its offset is not that of its zone.
 */
export type Warning = 'zone_mismatch'

/** The result for one record: the output's text and its event time, or why it is rejected. */
export type Outcome =
  { readonly ok: true; readonly value: string; readonly eventTimeMs: number; readonly warning?: Warning } | Rejection
