import type { LogRange, RecordView } from '@kafka-etl/kafka'
import { readerGroupPrefix, readStallMs, type ConnectedContext } from '../context.js'
import { findPositionFault, readPositions, type CommittedPosition } from '../positions.js'
import { readAll } from '../read-all.js'
import { inputTopics, inputUpdates, partitionKey, requireTopics } from '../topics.js'

/** How far the group is behind in one input partition. */
export type PartitionLag = {
  readonly topic: string
  readonly partition: number
  /** The group's next offset; undefined if it has no valid one, and will start at the log's start. */
  readonly committed: bigint | undefined
  /** The last stable offset: a read_committed consumer gets no further. */
  readonly end: bigint
  /** The number of waiting records. Transaction markers, which also take offsets, do not count. */
  readonly records: number
  /** Records of an unfinished update, which only wait for their COMMIT. `records` does not include them. */
  readonly unfinished: number
  /** False if there were too many to count all; then `records` is an upper bound. */
  readonly isExact: boolean
  /** The age of the oldest waiting record with a timestamp; 0 if none waits; undefined if none has a timestamp. */
  readonly seconds: number | undefined
  /**
   * Records after the last stable offset, which an open transaction holds back. An upper bound if not all were counted.
   */
  readonly heldBack: number
  /** Why the offsets are inconsistent, if they are. */
  readonly fault: string | undefined
}

/** Counting more would cost more than the number is worth. */
const countedOffsets = 100_000n

/**
 * Measures the lag of every input partition. Offsets alone do not show it, because transaction markers take offsets
 * without being records. It therefore reads and counts the records between the committed offset and the last stable
 * one.
 */
export const measureLag = async (context: ConnectedContext): Promise<readonly PartitionLag[]> => {
  const { admin, pipeline, clock } = context
  const topics = inputTopics(pipeline)
  await requireTopics(admin, topics)
  // Read positions first: those of a running group could otherwise be past ends that were read before them.
  const positions = await readPositions(admin, pipeline.names.groupId, topics)
  const logs = await admin.readLogRanges(topics)
  const waiting = logs.map((log) => toWaiting(log, positions.get(partitionKey(log))))
  const updates = inputUpdates(pipeline)
  await readAll(context, waiting, (range, record) => countRecord(range, record, updates.get(range.topic)))
  const heldBack = logs.filter(({ stableEnd, end }) => stableEnd < end).map(toHeldBack)
  await countHeldBack(context, heldBack)
  return waiting.map((range) => {
    const held = heldBack.find((candidate) => partitionKey(candidate) === partitionKey(range))
    return toLag(range, held ? totalOf(held, range.log.end) : 0, clock.epochMs())
  })
}

/** A range from `from` up to but not including `to`, and the records counted in it. */
type Counted = {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
  records: number
}

type Waiting = Counted & {
  readonly log: LogRange
  readonly position: CommittedPosition | undefined
  oldestMs: number | undefined
  /** In a topic with updates, the records after the last COMMIT; `records` includes them. */
  unfinished: number
}

const toWaiting = (log: LogRange, position: CommittedPosition | undefined): Waiting => {
  const { topic, partition, start, stableEnd } = log
  const offset = position?.offset
  const from = offset === undefined || offset < start ? start : offset
  const to = countedEnd(from, stableEnd)
  const counted = { records: 0, oldestMs: undefined, unfinished: 0 }
  return { topic, partition, log, position, from, to, ...counted }
}

const toHeldBack = ({ topic, partition, stableEnd, end }: LogRange): Counted => ({
  topic,
  partition,
  from: stableEnd,
  to: countedEnd(stableEnd, end),
  records: 0,
})

const countedEnd = (from: bigint, end: bigint): bigint => (from + countedOffsets < end ? from + countedOffsets : end)

/** Every offset that was not counted may be a record. */
const totalOf = ({ to, records }: Counted, end: bigint): number => records + (end > to ? Number(end - to) : 0)

const countRecord = (range: Waiting, { timestampMs, value }: RecordView, endText: Buffer | undefined): void => {
  range.records++
  if (endText) range.unfinished = value?.equals(endText) === true ? 0 : range.unfinished + 1
  // A record without a timestamp (-1) has no age.
  if (timestampMs >= 0) range.oldestMs ??= timestampMs
}

/**
 * Counts held-back records. Some may not arrive: a transaction may be aborted meanwhile, or the log be cut. Only those
 * that arrive count.
 */
const countHeldBack = async (context: ConnectedContext, ranges: readonly Counted[]): Promise<void> => {
  await context.kafka.readRanges({
    groupPrefix: readerGroupPrefix(context),
    isolation: 'read_uncommitted',
    ranges,
    onRecord: (range) => {
      range.records++
    },
    stallMs: readStallMs,
  })
}

const toLag = (range: Waiting, heldBack: number, nowMs: number): PartitionLag => {
  const { topic, partition, log, position, to } = range
  const isExact = to >= log.stableEnd
  // Among offsets that were not counted, it is unknown whether an update ends.
  const unfinished = isExact ? range.unfinished : 0
  const records = totalOf(range, log.stableEnd) - unfinished
  return {
    topic,
    partition,
    committed: position?.offset,
    end: log.stableEnd,
    records,
    unfinished,
    isExact,
    seconds: records === 0 ? 0 : ageOf(range, nowMs),
    heldBack,
    fault: position && findPositionFault(log, position)?.sentence,
  }
}

const ageOf = ({ oldestMs }: Waiting, nowMs: number): number | undefined =>
  oldestMs === undefined ? undefined : Math.max(0, nowMs - oldestMs) / 1000
