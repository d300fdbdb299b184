import type { AnyStep } from './definition.js'

/** Where a fast path puts an output: its bytes from 0 on, and its event time in milliseconds since 1970. */
export type OutputRoom = { bytes: Buffer; eventTimeMs: number }

/** How many bytes more than the value has {@link OutputRoom} holds at least. */
export const outputRoomBytes = 128

/**
 * Reads a value from `buffer[start, end)`, writes into `room` exactly the bytes that the step would make, and returns
 * their length; -1 leaves the record to the step. It never gets a tombstone.
 */
export type WriteFast = (buffer: Buffer, start: number, end: number, room: OutputRoom, handledAtMs: number) => number

/** A shortcut past decoding, step and encoding, for records of the usual shape. Key and partition are the source's. */
export type FastPath = {
  /** The alias of the one topic that it writes. */
  readonly to: string
  /** Makes the shortcut for one of the input's topics. */
  readonly prepare: (topic: string) => WriteFast
}

// A pipeline's bundle has a copy of this module of its own.
const fastPath = Symbol.for('@kafka-etl/pipeline/fast-path')

/**
 * A step with a fast path: `fast` is tried first, and `step` decides whatever it leaves. Both have to make the same
 * bytes of a record, which a property test of the pipeline has to show.
 */
export const fastThen = <Record, Tools, Made>(
  fast: FastPath,
  step: (record: Record, tools: Tools) => Made,
): ((record: Record, tools: Tools) => Made) => Object.assign(step, { [fastPath]: fast })

/** Undefined for a step without one. */
export const fastPathOf = (step: AnyStep): FastPath | undefined =>
  (step as { readonly [fastPath]?: FastPath })[fastPath]
