import { createTally } from '../src/batch-tally.js'
import type { ConvertedBatch } from '../src/convert-batch.js'

/** What a batch without records is converted to. */
export const emptyBatch: ConvertedBatch = {
  ...createTally(),
  writes: [],
  state: {},
  release: () => undefined,
}
