import { readFrame } from '../schemas/wire-frame.js'

/** The ids that values in Confluent's wire format name; others name none. */
export function* schemaIdsOf(values: Iterable<Buffer | null>): Iterable<number> {
  for (const value of values) {
    const frame = value && readFrame(value)
    if (frame?.ok) yield frame.schemaId
  }
}
