import { randomUUID } from 'node:crypto'
import type { Client, ClientConsumer } from '../client/client.js'
import type { FetchedBatch } from '../records/fetched-batch.js'
import type { RecordView } from '../records/record-view.js'

/** A stretch of a partition: offsets from `from` up to but not including `to`. */
export type OffsetRange = {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
}

export type ReadRangesOptions<Range extends OffsetRange> = {
  /** How the name of the throw-away consumer group starts. */
  readonly groupPrefix: string
  readonly isolation: 'read_committed' | 'read_uncommitted'
  /** At most one a partition. In read_committed none may go beyond the last stable offset. */
  readonly ranges: readonly Range[]
  /**
   * Called for each record in the order of its partition, once, also over a rejoin; the next one waits for it. The
   * record is valid until then: what is to stay has to be copied.
   */
  readonly onRecord: (range: Range, record: RecordView) => Promise<void> | void
  /** Ends when nothing has come for so long. */
  readonly stallMs: number
}

export type RangesRead<Range extends OffsetRange> =
  { readonly ok: true } | { readonly ok: false; readonly unread: readonly Range[] }

/**
 * Reads the ranges, all at once, each to its end, or says which were not. KafkaJS cannot read without a consumer
 * group, so it joins one of its own, which is gone afterwards and has committed nothing.
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

// A broker waits for more members before it lets the first one in, 3 s by default.
const joinDeadlineMs = 30_000

const readAll = <Range extends OffsetRange>(
  consumer: ClientConsumer,
  ranges: readonly Range[],
  { onRecord, stallMs }: ReadRangesOptions<Range>,
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
    // Listeners are called before the first fetch, so that nothing is read from elsewhere.
    for (const partition of partitionsOf(payload.memberAssignment)) {
      const reading = open.get(keyOf(partition))
      if (reading) consumer.seek({ ...partition, offset: String(reading.next) })
      else pause(consumer, partition)
    }
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  // This comes for batches too that hold nothing to show, such as the marks of transactions.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => pass(payload, BigInt(payload.lastOffset)))
  const deliver = async (reading: Reading<Range>, batch: FetchedBatch): Promise<void> => {
    for await (const { records } of batch.chunks()) {
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
        // KafkaJS would repeat the batch for ever.
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
    // An empty group without offsets costs nothing, and the broker forgets it by itself.
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
