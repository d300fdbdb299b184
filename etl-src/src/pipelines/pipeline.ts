import type { RejectReason } from './reject-reason.js'

/** Something about a record that is worth a count and a log line now and then, though the record passes. */
export const warnings = ['zone_mismatch'] as const
export type Warning = (typeof warnings)[number]

/** What a pipeline makes of one input record: the output's text and its event time, or why it is rejected. */
export type Outcome =
  | { readonly ok: true; readonly value: string; readonly eventTimeMs: number; readonly warning?: Warning }
  | { readonly ok: false; readonly reason: RejectReason; readonly message: string }

/**
 * The transformation of one record's value; `null` is a tombstone. Pure: it never throws, logs, waits or reads a
 * clock, and the same value gives the same outcome but for `handledAtMs`, the wall clock in epoch milliseconds.
 */
export type Transform = (value: Buffer | null, handledAtMs: number) => Outcome

/** Where a shortcut puts an output: its bytes from 0 on, and its event time in milliseconds since 1970. */
export type OutputRoom = { bytes: Buffer; eventTimeMs: number }

/**
 * A shortcut for values of the usual shape: reads the value from `buffer[start, end)`, writes into `room` exactly what
 * the transformation would give, and returns its length in bytes; -1 for any other value. It never gets a tombstone.
 * `room.bytes` holds at least {@link outputRoomBytes} more than the value.
 */
export type WriteOutput = (buffer: Buffer, start: number, end: number, room: OutputRoom, handledAtMs: number) => number

export const outputRoomBytes = 128

/** One kind of transformation, for the records of one input topic. */
export type Pipeline = { readonly transform: Transform; readonly writeOutput: WriteOutput }
