import type { Rejection } from './reasons.js'

/** Counted and logged now and then, though the record passes: its offset is not the one that its zone had. */
export type Warning = 'zone_mismatch'

/** What is made of one record: the output's text and its event time, or why it is rejected. */
export type Outcome =
  { readonly ok: true; readonly value: string; readonly eventTimeMs: number; readonly warning?: Warning } | Rejection
