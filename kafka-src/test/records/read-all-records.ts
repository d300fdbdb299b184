import type { Records } from '@kafka-etl/kafka'
import { indexBatches } from '../../src/records/batch-index.js'
import { plainStretch } from '../../src/records/record-stretch.js'
import { toRecords } from '../../src/records/records.js'

/** The records of uncompressed batches from an offset on, all at once instead of in chunks. */
export const readAllRecords = (bytes: Buffer, fromOffset = 0): Records => {
  const fetched = { topic: 't', partition: 0, fetchedOffset: BigInt(fromOffset), bytes, abortedTransactions: [] }
  return toRecords(fetched, indexBatches(fetched).visible.map(plainStretch))
}
