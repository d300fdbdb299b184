import { type Instant } from '@kafka-etl/common'
import { createRunBuilder, writeVarint, type RecordRun } from '@kafka-etl/kafka'
import { formatLog } from './format-log.js'
import type { FormatTimestamp } from './format-timestamp.js'
import { formatLogHeaders } from './log-headers.js'

/** The logs of these indexes as records, given that all logs below `confirmed` are in their topics. */
export type EncodeLogs = (indexes: readonly number[], confirmed: number) => readonly RecordRun[]

/** Kafka's default limit is 1,048,588 bytes a batch. */
const maxBatchBytes = 1_000_000
const maxRecords = 20_000

/** More than any log or its headers take: a date of 34 characters, three numbers of 16 digits at most. */
const scratchBytes = 512

/** Makes the function that writes logs of one zone in Kafka's own format, without an object for each. */
export const createEncodeLogs = (seed: number, formatTimestamp: FormatTimestamp, now: () => Instant): EncodeLogs => {
  const value = Buffer.alloc(scratchBytes)
  const headers = Buffer.alloc(scratchBytes)
  return (indexes, confirmed) => {
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
        valueEnd: value.write(formatLog(formatTimestamp, instant, index), 0, 'latin1'),
        headers,
        headersEnd: writeHeaders(headers, formatLogHeaders(seed, { index, confirmed })),
        timestampMs: instant.epochMs,
      })
      if (!isAdded) throw new Error(`expected log ${index} to fit into a batch of ${maxBatchBytes} bytes, it does not`)
    }
    return builder.finish()
  }
}

/** Headers of ASCII alone: their number, then each name and value after its length (KIP-98). Returns where they end. */
const writeHeaders = (target: Buffer, headers: Readonly<Record<string, string>>): number => {
  const entries = Object.entries(headers)
  let at = writeVarint(target, 0, entries.length)
  for (const [name, value] of entries) {
    at = writeText(target, at, name)
    at = writeText(target, at, value)
  }
  return at
}

const writeText = (target: Buffer, start: number, text: string): number => {
  const at = writeVarint(target, start, text.length)
  return at + target.write(text, at, 'latin1')
}
