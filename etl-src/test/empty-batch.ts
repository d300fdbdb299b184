import { createTally } from '../src/batch-tally.js'
import type { ConvertedBatch } from '../src/convert-batch.js'

/** The conversion of a batch without records. */
export const emptyBatch: ConvertedBatch = {
  ...createTally(),
  writes: [],
  state: {},
  release: () => undefined,
}
