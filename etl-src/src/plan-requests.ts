import type { OutputRecord } from './input-record.js'
import { batchOverheadBytes, recordBytesAtMost } from './record-size.js'

/**
 * Splits records into runs that each fit into one record batch of at most `maxMessageBytes`, in order. KafkaJS puts
 * all that it is given for a partition into one batch, and a broker that refuses it as too large stops its consumer
 * for good. At most `maxRecords` go into one run.
 */
export const planRequests = (
  records: readonly OutputRecord[],
  maxMessageBytes: number,
  maxRecords: number,
): readonly (readonly OutputRecord[])[] => {
  const runs: OutputRecord[][] = []
  let run: OutputRecord[] = []
  let runBytes = batchOverheadBytes
  for (const record of records) {
    const bytes = recordBytesAtMost(record)
    if (run.length > 0 && (runBytes + bytes > maxMessageBytes || run.length >= maxRecords)) {
      runs.push(run)
      run = []
      runBytes = batchOverheadBytes
    }
    run.push(record)
    runBytes += bytes
  }
  if (run.length > 0) runs.push(run)
  return runs
}
