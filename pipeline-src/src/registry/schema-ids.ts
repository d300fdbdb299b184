import { readFrame } from '../schemas/wire-frame.js'

/** The schema ids of values in Confluent's wire format. Other values have none. */
export function* schemaIdsOf(values: Iterable<Buffer | null>): Iterable<number> {
  for (const value of values) {
    const frame = value && readFrame(value)
    if (frame?.ok) yield frame.schemaId
  }
}
