import { randomUUID } from 'node:crypto'
import type { Client, ClientConsumer } from '../client/client.js'
import type { FetchedBatch } from '../records/fetched-batch.js'
import type { RecordView } from '../records/record-view.js'

/** A range of a partition: the offsets from `from` up to but not including `to`. */
export type OffsetRange = {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
}

export type ReadRangesOptions<Range extends OffsetRange> = {
  /** The prefix of the temporary consumer group's name. */
  readonly groupPrefix: string
  readonly isolation: 'read_committed' | 'read_uncommitted'
  /** At most one range per partition. With read_committed, none may end beyond the last stable offset. */
  readonly ranges: readonly Range[]
  /**
   * Called once for each record in the order of its partition, even across a rejoin. The next record waits for it. The
   * record is valid until then: copy what has to outlive the call.
   */
  readonly onRecord: (range: Range, record: RecordView) => Promise<void> | void
  /** Gives up after this long without a record. */
  readonly stallMs: number
  /** How many bytes to keep of the key and of the value of a compressed record larger than a chunk. */
  readonly maxValueBytes?: number | undefined
}

export type RangesRead<Range extends OffsetRange> =
  { readonly ok: true } | { readonly ok: false; readonly unread: readonly Range[] }

/**
 * Reads all ranges in parallel, each to its end, or reports which are unread. KafkaJS cannot read without a consumer
 * group: this joins a new one, commits nothing, and deletes it at the end.
 */
export const readRanges = async <Range extends OffsetRange>(
  client: Client,
  options: ReadRangesOptions<Range>,
): Promise<RangesRead<Range>> => {
  const { groupPrefix, isolation } = options
  const ranges = options.ranges.filter(({ from, to }) => from < to)
  if (ranges.length === 0) return { ok: true }
  const groupId = `${groupPrefix}-${randomUUID()}`
  const consumer = client.consumer({
    groupId,
    readUncommitted: isolation === 'read_uncommitted',
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))], fromBeginning: true })
    return await readAll(consumer, ranges, options)
  } finally {
    await consumer.disconnect().catch(() => undefined)
    await deleteGroup(client, groupId)
  }
}

type Partition = { readonly topic: string; readonly partition: number }
type Reading<Range> = { readonly range: Range; next: bigint }

// A broker waits for more members before it admits the first one, by default 3 s.
const joinDeadlineMs = 30_000

const readAll = <Range extends OffsetRange>(
  consumer: ClientConsumer,
  ranges: readonly Range[],
  { onRecord, stallMs, maxValueBytes }: ReadRangesOptions<Range>,
): Promise<RangesRead<Range>> => {
  const open = new Map(ranges.map((range): [string, Reading<Range>] => [keyOf(range), { range, next: range.from }]))
  const { promise, resolve, reject } = Promise.withResolvers<RangesRead<Range>>()
  const giveUp = (): void => resolve({ ok: false, unread: [...open.values()].map(({ range }) => range) })
  let stall = setTimeout(giveUp, Math.max(joinDeadlineMs, stallMs))

  const pass = (partition: Partition, lastOffset: bigint): void => {
    stall.refresh()
    const reading = open.get(keyOf(partition))
    if (!reading || lastOffset < reading.range.to - 1n) return
    open.delete(keyOf(partition))
    pause(consumer, partition)
    if (open.size === 0) resolve({ ok: true })
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    clearTimeout(stall)
    stall = setTimeout(giveUp, stallMs)
    // KafkaJS calls listeners before the first fetch: nothing is read from any other position.
    for (const partition of partitionsOf(payload.memberAssignment)) {
      const reading = open.get(keyOf(partition))
      if (reading) consumer.seek({ ...partition, offset: String(reading.next) })
      else pause(consumer, partition)
    }
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  // KafkaJS also emits this for batches without visible records, such as transaction markers.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => pass(payload, BigInt(payload.lastOffset)))
  const deliver = async (reading: Reading<Range>, batch: FetchedBatch): Promise<void> => {
    for await (const { records } of batch.chunks(maxValueBytes)) {
      for (const record of records) {
        if (record.offset < reading.next || record.offset >= reading.range.to) continue
        const handled = onRecord(reading.range, record)
        if (handled) await handled
        reading.next = record.offset + 1n
      }
    }
  }
  consumer
    .run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const reading = open.get(keyOf(batch))
        // If this threw, KafkaJS would repeat the batch forever.
        if (reading) await deliver(reading, batch.fetched).catch(reject)
      },
    })
    .catch(reject)
  return promise.finally(() => clearTimeout(stall))
}

const keyOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

const partitionsOf = (assignment: Readonly<Record<string, readonly number[]>>): readonly Partition[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })))

const pause = (consumer: ClientConsumer, { topic, partition }: Partition): void =>
  consumer.pause([{ topic, partitions: [partition] }])

const deleteGroup = async (client: Client, groupId: string): Promise<void> => {
  const admin = client.admin()
  try {
    await admin.connect()
    await admin.deleteGroups([groupId])
  } catch {
    // An empty group without offsets costs nothing, and the broker removes it by itself.
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
