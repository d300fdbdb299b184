import {
  createRunBuilder,
  readHeaders,
  type PartitionWrite,
  type RecordView,
  type RecordViews,
  type RunMemory,
} from '@kafka-etl/kafka'
import {
  createRunStep,
  partitionOfSource,
  type AnyDefinition,
  type Header,
  type InputRecord,
  type OutputRoom,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'
import { count, createTally, type BatchTally } from './batch-tally.js'
import { createBatchWrites, maxRecordsPerRun } from './batch-writes.js'
import { convertRecord, type Conversion } from './convert-record.js'
import { createAddDeadLetter, encodeMark } from './dead-letters.js'
import { createFastWriter } from './fast-writer.js'
import { createOutputHeaders } from './output-headers.js'
import { largestValueBytes, limitOf, type OutputLimits } from './output-limits.js'

/** What becomes of a batch of input records: outputs, dead letters or nothing for each of them, in input order. */
export type ConvertedBatch = Readonly<BatchTally> & {
  readonly writes: readonly PartitionWrite[]
  /** Event time of the last output, ms since 1970; undefined if it has none. */
  readonly lastEventTimeMs: number | undefined
  /** Gives the memory of `writes` back. Only after the commit: a request that was given up may still read its bytes. */
  readonly release: () => void
}

/** `topicId`: what the outputs and dead letters are marked with; undefined: they are not. */
export type ConvertBatch = (records: RecordViews, handledAtMs: number, topicId?: string) => ConvertedBatch

export type ConvertOptions = {
  readonly definition: AnyDefinition
  readonly topology: Topology
  /** The input partition. */
  readonly source: Source
  readonly partition: number
  readonly limits: OutputLimits
  /** What is written is in there. */
  readonly memory: RunMemory
}

/** Makes the function that runs the pipeline over the records of one input partition. */
export const createConvertBatch = (options: ConvertOptions): ConvertBatch => {
  const { definition, topology, source, partition, limits, memory } = options
  const { topic: letterTopic, partitions } = topology.deadLetters
  const place = { index: source.index, count: topology.sources.length, partition }
  const letterPartition = partitionOfSource(place, partitions)
  const addDeadLetter = createAddDeadLetter(source.topic, partition)
  const unmarked = createOutputHeaders(source.topic, partition, undefined)
  const fast = createFastWriter(definition, topology, source, partition)
  const runStep = createRunStep(definition, topology, source)
  const room: OutputRoom = { bytes: Buffer.allocUnsafe(4_096), eventTimeMs: Number.NaN }
  const maxValueBytes = largestValueBytes(limits)
  return (records, handledAtMs, topicId) => {
    const mark = topicId === undefined ? undefined : encodeMark(topicId)
    const headers = mark ? createOutputHeaders(source.topic, partition, topicId) : unmarked
    const outputs = createBatchWrites(limits, memory)
    const letters = createRunBuilder(limitOf(limits, letterTopic), maxRecordsPerRun, memory)
    const tally = createTally()
    const conversion: Conversion = {
      outputs,
      fast: fast && { ...fast, records: outputs.to(fast.topic, fast.partition) },
      runStep: (record) => runStep(inputRecordOf(record, source.topic, partition, handledAtMs)),
      headers,
      limits,
      maxValueBytes,
      room,
      tally,
      handledAtMs,
    }
    room.eventTimeMs = Number.NaN
    records.forEach((record) => {
      tally.recordCount++
      tally.lastTimestampMs = record.timestampMs
      const rejection = convertRecord(record, conversion)
      if (rejection === undefined) return
      const { reason, message } = rejection
      addDeadLetter(letters, record, { reason, message, rejectedAtMs: handledAtMs, mark })
      count(tally.rejected, reason)
      tally.lastRejection = { offset: record.offsetNumber, reason }
    })
    const lettersWritten = letters.finish()
    const writes = [
      ...outputs.finish(),
      ...lettersWritten.map((run) => ({ topic: letterTopic, partition: letterPartition, records: run })),
    ]
    const hasEventTime = tally.outputCount > 0 && !Number.isNaN(room.eventTimeMs)
    return {
      ...tally,
      writes,
      lastEventTimeMs: hasEventTime ? room.eventTimeMs : undefined,
      release: () => writes.forEach(({ records: { memory: piece } }) => memory.giveBack(piece)),
    }
  }
}

const noHeaders: readonly Header[] = []

const inputRecordOf = (record: RecordView, topic: string, partition: number, handledAtMs: number): InputRecord => ({
  key: record.key,
  value: record.value,
  headers: record.headersEnd - record.headersStart <= 1 ? noHeaders : headersOf(record),
  timestampMs: record.timestampMs,
  topic,
  partition,
  offset: BigInt(record.offsetNumber),
  handledAtMs,
})

const headersOf = (record: RecordView): readonly Header[] => readHeaders(record).map(({ key, value }) => [key, value])
