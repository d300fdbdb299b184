import type { ConvertedBatch } from '../src/convert-batch.js'

/** What a batch without records is converted to. */
export const emptyBatch: ConvertedBatch = {
  writes: [],
  outputCount: 0,
  rejected: new Map(),
  warned: new Map(),
  lastTimestampMs: undefined,
  lastEventTimeMs: undefined,
  lastRejection: undefined,
  release: () => undefined,
}
