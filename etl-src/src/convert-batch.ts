import { createRunBuilder, writeVarint, type RecordRun, type RunBuilder, type RunMemory } from '@kafka-etl/kafka'
import { createAddDeadLetter } from './dead-letter.js'
import type { InputRecord, InputRecords, Route } from './input-record.js'
import { outputRoomBytes, type Pipeline, type Warning } from './pipelines/pipeline.js'
import type { RejectReason } from './pipelines/reject-reason.js'
import { createWriteSourceHeader, sourceHeaderBytes, type WriteSourceHeader } from './source-header.js'

/** What becomes of a batch of input records: each of them is one output or one dead letter, in input order. */
export type ConvertedBatch = {
  readonly outputs: readonly RecordRun[]
  readonly deadLetters: readonly RecordRun[]
  readonly outputCount: number
  readonly rejected: ReadonlyMap<RejectReason, number>
  readonly warned: ReadonlyMap<Warning, number>
  /** Kafka's timestamp of the last input record, epoch ms; undefined where there is none. */
  readonly lastTimestampMs: number | undefined
  readonly lastRejection: { readonly offset: number; readonly reason: RejectReason } | undefined
}

/** The largest batch that each output topic takes, in bytes (`max.message.bytes`). */
export type SizeLimits = { readonly outputBytes: number; readonly deadLetterBytes: number }

export type ConvertBatch = (records: InputRecords, handledAtMs: number) => ConvertedBatch

const maxRecordsPerRun = 20_000

/** Makes the function that runs `pipeline` over the records of one input partition; the runs stand in `memory`. */
export const createConvertBatch = (
  route: Route,
  pipeline: Pipeline,
  limits: SizeLimits,
  memory: RunMemory,
): ConvertBatch => {
  const addDeadLetter = createAddDeadLetter(route.topic, route.partition)
  const headers = createOutputHeaders(createWriteSourceHeader(route.topic, route.partition))
  let scratch = Buffer.allocUnsafe(4_096)
  return (records, handledAtMs) => {
    const outputs = createRunBuilder(limits.outputBytes, maxRecordsPerRun, memory)
    const letters = createRunBuilder(limits.deadLetterBytes, maxRecordsPerRun, memory)
    const tally = createTally()
    records.forEach((record) => {
      const room = record.valueLength + outputRoomBytes
      if (scratch.length < room) scratch = Buffer.allocUnsafe(room)
      const result = convertRecord(record, pipeline, outputs, headers, scratch, limits, handledAtMs)
      if (!result.ok) {
        addDeadLetter(letters, record, { reason: result.reason, message: result.message, rejectedAtMs: handledAtMs })
      }
      note(tally, record, result)
    })
    return { outputs: outputs.finish(), deadLetters: letters.finish(), ...tally }
  }
}

type Tally = {
  outputCount: number
  readonly rejected: Map<RejectReason, number>
  readonly warned: Map<Warning, number>
  lastTimestampMs: number | undefined
  lastRejection: ConvertedBatch['lastRejection']
}

const createTally = (): Tally => ({
  outputCount: 0,
  rejected: new Map(),
  warned: new Map(),
  lastTimestampMs: undefined,
  lastRejection: undefined,
})

const note = (tally: Tally, record: InputRecord, result: Converted): void => {
  tally.lastTimestampMs = record.timestampMs
  if (result.ok) {
    tally.outputCount++
    if (result.warning) count(tally.warned, result.warning)
    return
  }
  count(tally.rejected, result.reason)
  tally.lastRejection = { offset: record.offsetNumber, reason: result.reason }
}

const count = <Key>(counts: Map<Key, number>, key: Key): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** The one header of an output, always in the same bytes; `write` returns where it ends. */
type OutputHeaders = { readonly bytes: Buffer; readonly write: (offset: number) => number }

const createOutputHeaders = (writeSource: WriteSourceHeader): OutputHeaders => {
  const bytes = Buffer.alloc(sourceHeaderBytes)
  const start = writeVarint(bytes, 0, 1)
  return { bytes, write: (offset) => writeSource(bytes, start, offset) }
}

type Converted =
  | { readonly ok: true; readonly warning?: Warning }
  | { readonly ok: false; readonly reason: RejectReason; readonly message: string }

const written: Converted = { ok: true }

const convertRecord = (
  record: InputRecord,
  pipeline: Pipeline,
  outputs: RunBuilder,
  headers: OutputHeaders,
  scratch: Buffer,
  { outputBytes }: SizeLimits,
  handledAtMs: number,
): Converted => {
  const { buffer, valueStart, valueLength } = record
  let value = scratch
  let result = written
  let valueEnd = pipeline.writeOutput(buffer, valueStart, valueStart + valueLength, scratch, 0, handledAtMs)
  if (valueEnd < 0) {
    const outcome = pipeline.transform(record.value, handledAtMs)
    if (!outcome.ok) return outcome
    value = Buffer.from(outcome.value)
    valueEnd = value.length
    if (outcome.warning) result = { ok: true, warning: outcome.warning }
  }
  const isAdded = outputs.add({
    key: record.keyLength < 0 ? null : buffer,
    keyStart: record.keyStart,
    keyEnd: record.keyStart + record.keyLength,
    value,
    valueStart: 0,
    valueEnd,
    headers: headers.bytes,
    headersEnd: headers.write(record.offsetNumber),
    timestampMs: record.timestampMs,
  })
  if (isAdded) return result
  const message = `expected an output that fits into a batch of ${outputBytes} bytes, got one of ${valueEnd} bytes`
  return { ok: false, reason: 'record_too_large', message }
}
