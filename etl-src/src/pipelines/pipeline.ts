import type { RejectReason } from './timestamps/reject-reason.js'

/** Something about a record that is worth counting and a line in the log now and then, though the record passes. */
export type Warning = 'zone_mismatch'

/** What a pipeline says of one input record: the output's text, or why it has to be set aside. */
export type Outcome =
  | { readonly ok: true; readonly value: string; readonly warning?: Warning }
  | { readonly ok: false; readonly reason: RejectReason; readonly message: string }

/**
 * The transformation of one record's value, `null` for a tombstone. Pure: it never throws, logs, waits or reads a
 * clock, and the same value gives the same outcome but for `handledAtMs`, the wall clock in epoch milliseconds.
 */
export type Pipeline = (value: Buffer | null, handledAtMs: number) => Outcome
