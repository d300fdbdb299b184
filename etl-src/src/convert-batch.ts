import {
  createRunBuilder,
  createWriteSourceHeader,
  sourceHeaderBytes,
  writeVarint,
  type PartitionWrite,
  type RecordView,
  type RecordViews,
  type RunBuilder,
  type RunMemory,
  type WriteSourceHeader,
} from '@kafka-etl/kafka'
import { createAddDeadLetter, encodeMark } from './dead-letters.js'
import { outputRoomBytes, type OutputRoom, type Pipeline, type Warning } from './pipelines/pipeline.js'
import type { RejectReason } from './pipelines/reject-reason.js'
import type { Route } from './route.js'

/** What becomes of a batch of input records: each of them is one output or one dead letter, in input order. */
export type ConvertedBatch = {
  readonly writes: readonly PartitionWrite[]
  readonly outputCount: number
  readonly rejected: ReadonlyMap<RejectReason, number>
  readonly warned: ReadonlyMap<Warning, number>
  /** Kafka's timestamp of the last input record, epoch ms; undefined if there is none. */
  readonly lastTimestampMs: number | undefined
  /** Event time of the last output, ms since 1970; undefined if there is none. */
  readonly lastEventTimeMs: number | undefined
  readonly lastRejection: { readonly offset: number; readonly reason: RejectReason } | undefined
  /** Gives the memory of `writes` back. Only after the commit: a request that was given up may still read its bytes. */
  readonly release: () => void
}

/** The largest batch that each output topic takes, in bytes (`max.message.bytes`). */
export type OutputLimits = { readonly outputBytes: number; readonly deadLetterBytes: number }

/** `topicId`: what the outputs and dead letters are marked with; undefined: they are not. */
export type ConvertBatch = (records: RecordViews, handledAtMs: number, topicId?: string) => ConvertedBatch

const maxRecordsPerRun = 20_000

/** Makes the function that runs `pipeline` over the records of one input partition; what it writes is in `memory`. */
export const createConvertBatch = (
  route: Route,
  pipeline: Pipeline,
  limits: OutputLimits,
  memory: RunMemory,
): ConvertBatch => {
  const { outputTopic, deadLetterTopic, outputPartition: partition } = route
  const addDeadLetter = createAddDeadLetter(route.topic, route.partition)
  const writeSource = createWriteSourceHeader(route.topic, route.partition)
  const unmarked = createOutputHeaders(writeSource, undefined)
  const room: OutputRoom = { bytes: Buffer.allocUnsafe(4_096), eventTimeMs: Number.NaN }
  return (records, handledAtMs, topicId) => {
    const mark = topicId === undefined ? undefined : encodeMark(topicId)
    const headers = mark ? createOutputHeaders(writeSource, mark) : unmarked
    const outputs = createRunBuilder(limits.outputBytes, maxRecordsPerRun, memory)
    const letters = createRunBuilder(limits.deadLetterBytes, maxRecordsPerRun, memory)
    const tally = createTally()
    records.forEach((record) => {
      const result = convertRecord(record, pipeline, outputs, headers, room, limits, handledAtMs)
      if (!result.ok) {
        const { reason, message } = result
        addDeadLetter(letters, record, { reason, message, rejectedAtMs: handledAtMs, mark })
      }
      note(tally, record, result)
    })
    const writes = [
      ...outputs.finish().map((run) => ({ topic: outputTopic, partition, records: run })),
      ...letters.finish().map((run) => ({ topic: deadLetterTopic, partition, records: run })),
    ]
    return {
      writes,
      ...tally,
      lastEventTimeMs: tally.outputCount === 0 ? undefined : room.eventTimeMs,
      release: () => writes.forEach(({ records: { memory: piece } }) => memory.giveBack(piece)),
    }
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

const note = (tally: Tally, record: RecordView, result: Converted): void => {
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

/** The headers of an output, always in the same bytes; `write` returns where they end. */
type OutputHeaders = { readonly bytes: Buffer; readonly write: (offset: number) => number }

const createOutputHeaders = (writeSource: WriteSourceHeader, mark: Buffer | undefined): OutputHeaders => {
  const bytes = Buffer.alloc(sourceHeaderBytes + (mark?.length ?? 0))
  const start = writeVarint(bytes, 0, mark ? 2 : 1)
  if (!mark) return { bytes, write: (offset) => writeSource(bytes, start, offset) }
  return {
    bytes,
    write: (offset) => {
      const end = writeSource(bytes, start, offset)
      return end + mark.copy(bytes, end)
    },
  }
}

type Converted =
  | { readonly ok: true; readonly warning?: Warning }
  | { readonly ok: false; readonly reason: RejectReason; readonly message: string }

const written: Converted = { ok: true }

/** A larger value fits no output. It is not looked at: it could be larger than the longest text of Node. */
export const largestValueBytes = ({ outputBytes, deadLetterBytes }: OutputLimits): number =>
  Math.max(outputBytes, deadLetterBytes, leastValueBytes)

/** Kafka's default of `max.message.bytes`: below it a long value with much that is ignored still passes. */
const leastValueBytes = 1_048_588

/** What is missing of a record was cut off when it was decompressed, so that no memory has to hold it. */
const describeTooLarge = (record: RecordView, limitBytes: number): string | undefined => {
  const { valueLength, missingValueBytes, keyLength, missingKeyBytes } = record
  if (missingValueBytes > 0 || valueLength > limitBytes) {
    return `expected a value of at most ${limitBytes} bytes, got ${valueLength + missingValueBytes} bytes`
  }
  if (missingKeyBytes === 0) return undefined
  return `expected a key of at most ${limitBytes} bytes, got ${keyLength + missingKeyBytes} bytes`
}

const convertRecord = (
  record: RecordView,
  pipeline: Pipeline,
  outputs: RunBuilder,
  headers: OutputHeaders,
  room: OutputRoom,
  limits: OutputLimits,
  handledAtMs: number,
): Converted => {
  const { buffer, valueStart, valueLength } = record
  const tooLarge = describeTooLarge(record, largestValueBytes(limits))
  if (tooLarge !== undefined) return { ok: false, reason: 'record_too_large', message: tooLarge }
  let valueEnd = -1
  if (valueLength >= 0) {
    const roomBytes = valueLength + outputRoomBytes
    if (room.bytes.length < roomBytes) room.bytes = Buffer.allocUnsafe(roomBytes)
    valueEnd = pipeline.writeOutput(buffer, valueStart, valueStart + valueLength, room, handledAtMs)
  }
  let value = room.bytes
  let result = written
  if (valueEnd < 0) {
    const outcome = pipeline.transform(record.value, handledAtMs)
    if (!outcome.ok) return outcome
    value = Buffer.from(outcome.value)
    valueEnd = value.length
    room.eventTimeMs = outcome.eventTimeMs
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
    // Retention counts from the writing.
    timestampMs: handledAtMs,
  })
  if (isAdded) return result
  const message = `expected an output that fits into a batch of ${limits.outputBytes} bytes, got one of ${valueEnd} bytes`
  return { ok: false, reason: 'record_too_large', message }
}
