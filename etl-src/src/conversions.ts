import { createRunBuilder, readHeaders, type PartitionWrite, type RecordView, type RunMemory } from '@kafka-etl/kafka'
import {
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
import { createBatchWrites, maxRecordsPerRun, writesTo } from './batch-writes.js'
import type { Conversion, Rejection } from './convert-record.js'
import { createAddDeadLetter, encodeMark } from './dead-letters.js'
import { createFastWriter } from './fast-writer.js'
import { createOutputHeaders } from './output-headers.js'
import { largestValueBytes, limitOf, type OutputLimits } from './output-limits.js'

export type ConvertOptions = {
  readonly definition: AnyDefinition
  readonly topology: Topology
  /** The input partition. */
  readonly source: Source
  readonly partition: number
  readonly limits: OutputLimits
  /** The memory for the writes. */
  readonly memory: RunMemory
  /** Called before each step. */
  readonly onStep?: (offset: number) => void
}

/** What the conversion of a batch needs besides its records. */
export type BatchContext = {
  readonly handledAtMs: number
  /** The topic id with which to mark outputs and dead letters; undefined: they are not marked. */
  readonly topicId?: string | undefined
  /** The offset of a record whose step did not return in an earlier attempt. */
  readonly timedOutOffset?: bigint | undefined
  /** The state after the records before the batch. For a topic with updates, the batch ends where an update ends. */
  readonly state: PartitionState
}

/** The conversion of a batch in progress. */
export type Conversions = {
  readonly add: (record: RecordView) => void
  /** The tally of the records so far. */
  readonly tally: BatchTally
  /** Removes and returns the outputs and dead letters that are complete so far. */
  readonly takeEnded: () => readonly PartitionWrite[]
  readonly finish: () => readonly PartitionWrite[]
}

/** Converts one record. Returns the reason if the record becomes a dead letter. */
export type ConvertOne = (record: RecordView, conversion: Conversion) => Rejection | undefined

export type BeginConversions = (context: BatchContext, run: PartitionRun, convertOne: ConvertOne) => Conversions

/** Creates the function that starts the conversion of a batch. Only one batch at a time, since batches share memory. */
export const createBeginConversions = (options: ConvertOptions): BeginConversions => {
  const { definition, topology, source, partition, limits, memory, onStep } = options
  const { topic: letterTopic, partitions } = topology.deadLetters
  const place = { index: source.index, count: topology.sources.length, partition }
  const letterPartition = partitionOfSource(place, partitions)
  const addDeadLetter = createAddDeadLetter(source.topic, partition)
  const unmarked = createOutputHeaders(source.topic, partition, undefined)
  const fast = createFastWriter(definition, topology, source, partition)
  const room: OutputRoom = { bytes: Buffer.allocUnsafe(4_096), eventTimeMs: Number.NaN }
  const maxValueBytes = largestValueBytes(limits)

  return (context, run, convertOne) => {
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
    const add = (record: RecordView): void => {
      tally.recordCount++
      tally.lastTimestampMs = record.timestampMs
      const rejection = convertOne(record, conversion)
      if (rejection === undefined) return
      const { reason } = rejection
      addDeadLetter(letters, record, rejection, letterBatch)
      count(tally.rejected, reason)
      tally.lastRejection = { offset: record.offsetNumber, reason }
    }
    const letterPlace = { topic: letterTopic, partition: letterPartition }
    return {
      add,
      tally,
      takeEnded: () => [...outputs.takeEnded(), ...writesTo(letterPlace, letters.takeEnded())],
      finish: () => {
        if (tally.outputCount > 0 && !Number.isNaN(room.eventTimeMs)) tally.lastEventTimeMs = room.eventTimeMs
        return [...outputs.finish(), ...writesTo(letterPlace, letters.finish())]
      },
    }
  }
}

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
