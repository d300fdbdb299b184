import type { AnyStep } from './definition.js'

/** The place for an output of a fast path: its bytes from 0 on, and its event time in milliseconds since 1970. */
export type OutputRoom = { bytes: Buffer; eventTimeMs: number }

/** {@link OutputRoom} holds at least this many bytes more than the value. */
export const outputRoomBytes = 128

/**
 * Reads a value from `buffer[start, end)`, writes exactly the bytes of the step's output into `room`, and returns their
 * length; -1 leaves the record to the step. It never gets a tombstone.
 */
export type WriteFast = (buffer: Buffer, start: number, end: number, room: OutputRoom, handledAtMs: number) => number

/**
 * A shortcut for records of the usual shape, which skips decoding, step and encoding. Outputs keep the key, and go to
 * the partition of the source.
 */
export type FastPath = {
  /** The alias of the only topic that it writes. */
  readonly to: string
  /** Creates the shortcut for one of the input's topics. */
  readonly prepare: (topic: string) => WriteFast
}

// A registered symbol, since the bundle of a pipeline contains its own copy of this module.
const fastPath = Symbol.for('@kafka-etl/pipeline/fast-path')

/**
 * A step with a fast path: `fast` runs first, and `step` handles what it leaves. Both must produce the same bytes for a
 * record; the pipeline needs a property test for this.
 */
export const fastThen = <Record, Tools, Made>(
  fast: FastPath,
  step: (record: Record, tools: Tools) => Made,
): ((record: Record, tools: Tools) => Made) => Object.assign(step, { [fastPath]: fast })

/** The fast path of a step; undefined if it has none. */
export const fastPathOf = (step: AnyStep): FastPath | undefined =>
  (step as { readonly [fastPath]?: FastPath })[fastPath]
