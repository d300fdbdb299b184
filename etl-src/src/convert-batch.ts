import {
  createRunBuilder,
  readHeaders,
  type PartitionWrite,
  type RecordView,
  type RecordViews,
  type RunMemory,
} from '@kafka-etl/kafka'
import {
  createOpenRun,
  partitionOfSource,
  type AnyDefinition,
  type Header,
  type InputRecord,
  type OutputRoom,
  type PartitionRun,
  type PartitionState,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'
import { count, createTally, type BatchTally } from './batch-tally.js'
import { createBatchWrites, maxRecordsPerRun } from './batch-writes.js'
import { convertRecord, type Conversion, type Rejection } from './convert-record.js'
import { createConvertUpdates } from './convert-updates.js'
import { createAddDeadLetter, encodeMark } from './dead-letters.js'
import { createFastWriter } from './fast-writer.js'
import { createOutputHeaders } from './output-headers.js'
import { largestValueBytes, limitOf, type OutputLimits } from './output-limits.js'

/** What becomes of a batch of input records: outputs, dead letters or nothing for each of them, in input order. */
export type ConvertedBatch = Readonly<BatchTally> & {
  readonly writes: readonly PartitionWrite[]
  /** Event time of the last output, ms since 1970; undefined if it has none. */
  readonly lastEventTimeMs: number | undefined
  /** What the records behind this batch have to know of it. */
  readonly state: PartitionState
  /** Gives the memory of `writes` back. Only after the commit: a request that was given up may still read its bytes. */
  readonly release: () => void
}

/** What the conversion of a batch needs besides its records. */
export type BatchContext = {
  readonly handledAtMs: number
  /** What the outputs and dead letters are marked with; undefined: they are not. */
  readonly topicId?: string | undefined
  /** A record whose step did not return when it was met before. */
  readonly timedOutOffset?: bigint | undefined
  /** What the records before the batch led to. Of a topic with updates, the batch ends where an update does. */
  readonly state: PartitionState
}

export type ConvertBatch = (records: RecordViews, context: BatchContext) => ConvertedBatch

export type ConvertOptions = {
  readonly definition: AnyDefinition
  readonly topology: Topology
  /** The input partition. */
  readonly source: Source
  readonly partition: number
  readonly limits: OutputLimits
  /** What is written is in there. */
  readonly memory: RunMemory
  /** Called before each step. */
  readonly onStep?: (offset: number) => void
}

/** Makes the function that runs the pipeline over the records of one input partition. */
export const createConvertBatch = (options: ConvertOptions): ConvertBatch => {
  const { definition, topology, source, partition, limits, memory, onStep } = options
  const { topic: letterTopic, partitions } = topology.deadLetters
  const place = { index: source.index, count: topology.sources.length, partition }
  const letterPartition = partitionOfSource(place, partitions)
  const addDeadLetter = createAddDeadLetter(source.topic, partition)
  const unmarked = createOutputHeaders(source.topic, partition, undefined)
  const fast = createFastWriter(definition, topology, source, partition)
  const openRun = createOpenRun(definition, topology, source)
  const room: OutputRoom = { bytes: Buffer.allocUnsafe(4_096), eventTimeMs: Number.NaN }
  const maxValueBytes = largestValueBytes(limits)

  const convert = (records: RecordViews, context: BatchContext, run: PartitionRun, convertOne: ConvertOne) => {
    const { handledAtMs, topicId, timedOutOffset } = context
    const mark = topicId === undefined ? undefined : encodeMark(topicId)
    const headers = mark ? createOutputHeaders(source.topic, partition, topicId) : unmarked
    const outputs = createBatchWrites(limits, memory)
    const letters = createRunBuilder(limitOf(limits, letterTopic), maxRecordsPerRun, memory)
    const letterBatch = { rejectedAtMs: handledAtMs, mark }
    const tally = createTally()
    const conversion: Conversion = {
      outputs,
      fast: fast && !run.isCommit ? { ...fast, records: outputs.to(fast.topic, fast.partition) } : undefined,
      runStep: (record) => {
        const { offsetNumber } = record
        onStep?.(offsetNumber)
        if (timedOutOffset !== undefined && BigInt(offsetNumber) === timedOutOffset) return timedOut
        return run.run(inputRecordOf(record, source.topic, partition, handledAtMs))
      },
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
      const rejection = convertOne(record, conversion)
      if (rejection === undefined) return
      const { reason } = rejection
      addDeadLetter(letters, record, rejection, letterBatch)
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
      state: run.state(),
      release: () => writes.forEach(({ records: { memory: piece } }) => memory.giveBack(piece)),
    }
  }

  return (records, context) => {
    const run = openRun(context.state)
    const { isCommit } = run
    if (!isCommit) return convert(records, context, run, convertRecord)
    const updates = createConvertUpdates(isCommit, new Map())
    const converted = convert(records, context, run, updates.convertOne)
    if (updates.failed.size === 0) return converted
    // Outputs of an update that fails are among those of the others: all are made again without them.
    converted.release()
    return convert(records, context, openRun(context.state), createConvertUpdates(isCommit, updates.failed).convertOne)
  }
}

type ConvertOne = (record: RecordView, conversion: Conversion) => Rejection | undefined

const timedOut = {
  kind: 'rejected',
  reason: 'step_failed',
  message: 'expected the step to return within ETL_STEP_SECONDS, but it did not when the record was met before',
} as const

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
