import type { LogRange } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { readPositions } from '../positions.js'
import { readAll } from '../read-all.js'
import { inputTopics, partitionKey } from '../topics.js'

/** How far the group is behind in one input partition. */
export type PartitionLag = {
  readonly topic: string
  readonly partition: number
  /** The group's next offset; undefined when it has none yet and will start at the log's start. */
  readonly committed: bigint | undefined
  /** The last stable offset: a read_committed consumer gets no further. */
  readonly end: bigint
  /** Records that wait. The marks of transactions, which take offsets too, are no records. */
  readonly records: number
  /** False where so many wait that only the first were counted; then `records` is at most so many. */
  readonly isExact: boolean
  /** The age of the oldest record that waits, 0 if none does. */
  readonly seconds: number
  /** Why the offsets make no sense, if they make none. */
  readonly fault: string | undefined
}

/** Counting more would cost more than the figure is worth. */
const countedOffsets = 100_000n

/**
 * Measures the lag of every input partition. Offsets alone cannot tell it: transactions leave marks behind that take
 * offsets and are no records. So what lies between the committed offset and the last stable one is read and counted.
 */
export const measureLag = async (context: ConnectedContext): Promise<readonly PartitionLag[]> => {
  const { admin, settings, clock } = context
  const topics = inputTopics(settings)
  const logs = await admin.readLogRanges(topics)
  const committed = await readPositions(admin, settings.groupId, topics)
  const waiting = logs.map((log) => toWaiting(log, committed.get(partitionKey(log))))
  await readAll(context, waiting, (range, record) => {
    range.records++
    range.oldestMs ??= record.timestampMs
  })
  return waiting.map((range) => toLag(range, clock.epochMs()))
}

type Waiting = {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
  readonly log: LogRange
  readonly committed: bigint | undefined
  records: number
  oldestMs: number | undefined
}

const toWaiting = (log: LogRange, committed: bigint | undefined): Waiting => {
  const { topic, partition, start, stableEnd: end } = log
  const from = committed === undefined || committed < start ? start : committed
  const last = from + countedOffsets
  return { topic, partition, log, committed, from, to: last < end ? last : end, records: 0, oldestMs: undefined }
}

const toLag = ({ topic, partition, log, committed, to, records, oldestMs }: Waiting, nowMs: number): PartitionLag => {
  const uncounted = log.stableEnd > to ? Number(log.stableEnd - to) : 0
  const total = records + uncounted
  return {
    topic,
    partition,
    committed,
    end: log.stableEnd,
    records: total,
    isExact: uncounted === 0,
    seconds: total === 0 || oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs) / 1000,
    fault: findFault(log, committed),
  }
}

const findFault = ({ start, stableEnd: end }: LogRange, committed: bigint | undefined): string | undefined => {
  if (committed === undefined) return undefined
  if (committed < start) return `retention deleted ${start - committed} offsets before they were read`
  if (committed > end) return 'the group is past the end: the topic was deleted and made again'
  return undefined
}
