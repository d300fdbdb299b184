import type { Instant } from '@kafka-etl/common'
import { createRunBuilder, type RecordRun } from '@kafka-etl/kafka'
import type { FormatTimestamp } from './format-timestamp.js'

/** The logs of these indexes as records. */
export type EncodeLogs = (indexes: readonly number[]) => readonly RecordRun[]

/** Kafka's default limit is 1,048,588 bytes a batch. */
const maxBatchBytes = 1_000_000
const maxRecords = 20_000

/** More than any log takes: a date of 34 characters, a number of 16 digits at most. */
const scratchBytes = 512

/** No headers: their number is a varint of 0. */
const noHeaders = Buffer.of(0)

/** Makes the function that writes logs of one zone in Kafka's own format, without an object for each. */
export const createEncodeLogs = (formatTimestamp: FormatTimestamp, now: () => Instant): EncodeLogs => {
  const value = Buffer.alloc(scratchBytes)
  return (indexes) => {
    const builder = createRunBuilder(maxBatchBytes, maxRecords)
    for (const index of indexes) {
      // The log's date is the moment at which it is handed over to be sent.
      const instant = now()
      const isAdded = builder.add({
        key: null,
        keyStart: 0,
        keyEnd: 0,
        value,
        valueStart: 0,
        valueEnd: value.write(formatLog(formatTimestamp(instant), index), 0, 'latin1'),
        headers: noHeaders,
        headersEnd: noHeaders.length,
        timestampMs: instant.epochMs,
      })
      if (!isAdded) throw new Error(`expected log ${index} to fit into a batch of ${maxBatchBytes} bytes, it does not`)
    }
    return builder.finish()
  }
}

/** The value of a log's record: `{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}`. */
const formatLog = (date: string, index: number): string => `{"date":"${date}","message":"${index}"}`
