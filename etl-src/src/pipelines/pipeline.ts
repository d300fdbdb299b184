import type { RejectReason } from './reject-reason.js'

/** Something about a record that is worth counting and a line in the log now and then, though the record passes. */
export const warnings = ['zone_mismatch'] as const
export type Warning = (typeof warnings)[number]

/** What a pipeline says of one input record: the output's text, or why it has to be set aside. */
export type Outcome =
  | { readonly ok: true; readonly value: string; readonly warning?: Warning }
  | { readonly ok: false; readonly reason: RejectReason; readonly message: string }

/**
 * The transformation of one record's value, `null` for a tombstone. Pure: it never throws, logs, waits or reads a
 * clock, and the same value gives the same outcome but for `handledAtMs`, the wall clock in epoch milliseconds.
 */
export type Transform = (value: Buffer | null, handledAtMs: number) => Outcome

/**
 * A shortcut for values of the usual shape: reads the value from `buffer[start, end)`, writes the very output that the
 * transformation would give into `target` from `at` on, and returns how many bytes that took; -1 for any other value.
 * `target` has room for {@link outputRoomBytes} more than the value.
 */
export type WriteOutput = (
  buffer: Buffer,
  start: number,
  end: number,
  target: Buffer,
  at: number,
  handledAtMs: number,
) => number

export const outputRoomBytes = 128

/** One kind of transformation, for the records of one input topic. */
export type Pipeline = { readonly transform: Transform; readonly writeOutput: WriteOutput }
