import { encodableWith, type EncodableRecord, type RecordView, type RunBuilder } from '@kafka-etl/kafka'
import type { MadeRecord, Making, OutputRoom, StepOutcome } from '@kafka-etl/pipeline'
import { count, type BatchTally } from './batch-tally.js'
import type { BatchWrites } from './batch-writes.js'
import type { FastWriter } from './fast-writer.js'
import type { OutputHeaders } from './output-headers.js'
import { limitOf, type OutputLimits } from './output-limits.js'

/** What converts the records of the current batch, and where the results go. */
export type Conversion = {
  readonly outputs: BatchWrites
  readonly fast: (FastWriter & { readonly records: RunBuilder }) | undefined
  readonly runStep: (record: RecordView) => StepOutcome | Making
  readonly headers: OutputHeaders
  readonly limits: OutputLimits
  /** A larger value is rejected without reading it. */
  readonly maxValueBytes: number
  readonly room: OutputRoom
  readonly tally: BatchTally
  readonly handledAtMs: number
}

export type Rejection = {
  readonly reason: string
  readonly message: string
  /** Whether an output of the record is too large for its topic. */
  readonly isOfOutput?: boolean
}

/** Bytes that are missing from a record were cut off during decompression, to bound the memory. */
const describeTooLarge = (record: RecordView, limitBytes: number): string | undefined => {
  const { valueLength, missingValueBytes, keyLength, missingKeyBytes } = record
  if (missingValueBytes > 0 || valueLength > limitBytes) {
    return `expected a value of at most ${limitBytes} bytes, got ${valueLength + missingValueBytes} bytes`
  }
  if (missingKeyBytes === 0) return undefined
  return `expected a key of at most ${limitBytes} bytes, got ${keyLength + missingKeyBytes} bytes`
}

/** Rejects a record that is too large to be read. */
export const findTooLarge = (record: RecordView, { maxValueBytes }: Conversion): Rejection | undefined => {
  const message = describeTooLarge(record, maxValueBytes)
  return message === undefined ? undefined : { reason: 'record_too_large', message }
}

/**
 * Adds all outputs of a record, or none: then it returns the reason for the rejection. For the end of an update, it may
 * have added some even if it rejects.
 */
export const convertRecord = (record: RecordView, conversion: Conversion): Rejection | undefined => {
  const { fast, room, tally, handledAtMs } = conversion
  const tooLarge = findTooLarge(record, conversion)
  if (tooLarge !== undefined) return tooLarge
  if (fast) {
    const valueEnd = fast.write(record, room, handledAtMs)
    if (valueEnd >= 0) return addFast(record, fast, valueEnd, conversion)
  }
  const outcome = conversion.runStep(record)
  switch (outcome.kind) {
    case 'rejected':
      return outcome
    case 'dropped':
      count(tally.dropped, outcome.why)
      return undefined
    case 'made':
      outcome.dropped?.forEach((why) => count(tally.dropped, why))
      return addMade(record, outcome.records, conversion)
    case 'making':
      return outcome.makeEach((made) => addOne(record, made, conversion))
  }
}

const addFast = (
  record: RecordView,
  { topic, records }: { readonly topic: string; readonly records: RunBuilder },
  valueEnd: number,
  { headers, limits, room, tally, handledAtMs }: Conversion,
): Rejection | undefined => {
  const isAdded = records.add({
    key: record.keyLength < 0 ? null : record.buffer,
    keyStart: record.keyStart,
    keyEnd: record.keyStart + record.keyLength,
    value: room.bytes,
    valueStart: 0,
    valueEnd,
    headers: headers.bytes,
    headersEnd: headers.write(record.offsetNumber),
    // Retention counts from the time of writing.
    timestampMs: handledAtMs,
  })
  if (!isAdded) return tooLargeFor(limits, topic, valueEnd)
  tally.outputCount++
  return undefined
}

type Addition = { readonly output: MadeRecord; readonly records: RunBuilder; readonly record: EncodableRecord }

const addMade = (
  { offsetNumber }: RecordView,
  made: readonly MadeRecord[],
  conversion: Conversion,
): Rejection | undefined => {
  const { outputs, headers, limits, handledAtMs } = conversion
  const additions = made.map((output): Addition => {
    const encoded = headers.encode(offsetNumber, output.index, output.headers)
    return {
      output,
      records: outputs.to(output.topic, output.partition),
      record: encodableWith(output, encoded, encoded.length, handledAtMs),
    }
  })
  for (const { output, records, record } of additions) {
    if (!records.fits(record)) return tooLargeFor(limits, output.topic, record.valueEnd)
  }
  for (const { output, records, record } of additions) {
    records.add(record)
    note(output, conversion)
  }
  return undefined
}

/** Adds one output of the record that ends an update. */
const addOne = ({ offsetNumber }: RecordView, output: MadeRecord, conversion: Conversion): Rejection | undefined => {
  const { outputs, headers, limits, handledAtMs } = conversion
  const { topic, partition, index, headers: own } = output
  const encoded = own.length === 0 ? headers.bytes : headers.encode(offsetNumber, index, own)
  const end = own.length === 0 ? headers.write(offsetNumber, index) : encoded.length
  const record = encodableWith(output, encoded, end, handledAtMs)
  if (!outputs.to(topic, partition).add(record)) return tooLargeFor(limits, topic, record.valueEnd)
  note(output, conversion)
  return undefined
}

const note = ({ eventTimeMs, warning }: MadeRecord, { room, tally }: Conversion): void => {
  tally.outputCount++
  if (warning !== undefined) count(tally.warned, warning)
  if (eventTimeMs !== undefined) room.eventTimeMs = eventTimeMs
}

const tooLargeFor = (limits: OutputLimits, topic: string, bytes: number): Rejection => ({
  reason: 'record_too_large',
  isOfOutput: true,
  message: `expected an output that fits into a batch of ${limitOf(limits, topic)} bytes, got one of ${bytes} bytes`,
})
