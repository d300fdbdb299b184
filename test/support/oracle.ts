import { startOracleProcess } from './oracle-process.js'
import {
  decodeRecord,
  encodeRecord,
  type EncodedRecord,
  type NewRecord,
  type TopicRecord,
  type WriteOutcome,
} from './oracle-records.js'

export const isolations = ['read_committed', 'read_uncommitted'] as const
export type Isolation = (typeof isolations)[number]

/** An observer that reads while the faults happen. */
export type Follower = {
  /** What it has seen so far, in that order. */
  readonly records: readonly TopicRecord[]
  /** Reads up to the current end, and returns everything. */
  readonly stop: () => Promise<readonly TopicRecord[]>
}

export type PartitionOffsets = {
  readonly partition: number
  readonly earliest: bigint
  readonly lastStable: bigint
  readonly highWatermark: bigint
}
export type GroupOffset = { readonly topic: string; readonly partition: number; readonly offset: bigint }
export type NewTopic = {
  readonly name: string
  readonly partitionCount: number
  readonly settings?: Readonly<Record<string, string>>
}

/** The official Java client, bound to one cluster: its results count, never those of KafkaJS. */
export type Oracle = {
  /** Every record up to the current end (in read_committed: the last stable offset), in the order of each partition. */
  readonly readTopic: (topic: string, isolation?: Isolation) => Promise<TopicRecord[]>
  readonly follow: (topic: string, isolation?: Isolation) => Follower
  /** Writes with acks=all, idempotently; with `transactionalId`, in its transaction, which the first write opens. */
  readonly write: (
    records: readonly NewRecord[],
    options?: { transactionalId?: string; settings?: Readonly<Record<string, string>> },
  ) => Promise<WriteOutcome[]>
  readonly endTransaction: (transactionalId: string, outcome: 'commit' | 'abort') => Promise<void>
  readonly offsets: (topic: string) => Promise<PartitionOffsets[]>
  readonly groupOffsets: (group: string) => Promise<GroupOffset[]>
  /** The open transactions in the topic's partitions; one that stays open hangs. */
  readonly openTransactions: (
    topic: string,
  ) => Promise<{ partition: number; producerId: string; epoch: number; startOffset: string }[]>
  /** The transactional ids that the brokers remember. */
  readonly transactionalIds: () => Promise<string[]>
  readonly createTopics: (topics: readonly NewTopic[]) => Promise<void>
  readonly growTopic: (topic: string, partitionCount: number) => Promise<void>
  readonly deleteTopic: (topic: string) => Promise<void>
  readonly deleteRecords: (topic: string, partition: number, before: bigint) => Promise<void>
  /** The results of java.time: exact epoch milliseconds of each date with an offset, `undefined` for an invalid one. */
  readonly eventTimes: (dates: readonly string[]) => Promise<(string | undefined)[]>
  readonly stop: () => Promise<void>
}

type RawOffsets = { partition: number; earliest: string; lastStable: string; highWatermark: string }
type RawOutcome = { partition: number; offset: string } | { error: string }

const toOutcome = (raw: RawOutcome): WriteOutcome =>
  'error' in raw ? { ok: false, reason: raw.error } : { ok: true, partition: raw.partition, offset: BigInt(raw.offset) }

/** Starts the oracle: one Java process for any number of calls. */
export const startOracle = async (bootstrap: string): Promise<Oracle> => {
  const java = await startOracleProcess()
  const ask = async <T>(command: string, fields: Readonly<Record<string, unknown>>): Promise<T> =>
    (await java.call(command, { bootstrap, ...fields }).result) as T
  const collect = (command: string, topic: string, isolation: Isolation) => {
    const records: TopicRecord[] = []
    const take = (record: unknown): void => void records.push(decodeRecord(record as EncodedRecord))
    return { records, call: java.call(command, { bootstrap, topic, isolation }, take) }
  }
  return {
    readTopic: async (topic, isolation = 'read_committed') => {
      const { records, call } = collect('read', topic, isolation)
      await call.result
      return records
    },
    follow: (topic, isolation = 'read_committed') => {
      const { records, call } = collect('follow', topic, isolation)
      // `stop` reports a failure; until then nothing awaits it.
      call.result.catch(() => undefined)
      return {
        records,
        stop: async () => {
          await ask('stopFollowing', { target: call.id })
          await call.result
          return records
        },
      }
    },
    write: async (records, options = {}) =>
      (await ask<RawOutcome[]>('write', { ...options, records: records.map(encodeRecord) })).map(toOutcome),
    endTransaction: (transactionalId, outcome) =>
      ask('endTransaction', { transactionalId, commit: outcome === 'commit' }),
    offsets: async (topic) =>
      (await ask<RawOffsets[]>('offsets', { topic })).map(({ partition, earliest, lastStable, highWatermark }) => ({
        partition,
        earliest: BigInt(earliest),
        lastStable: BigInt(lastStable),
        highWatermark: BigInt(highWatermark),
      })),
    groupOffsets: async (group) =>
      (await ask<{ topic: string; partition: number; offset: string }[]>('groupOffsets', { group })).map((row) => ({
        ...row,
        offset: BigInt(row.offset),
      })),
    openTransactions: (topic) => ask('openTransactions', { topic }),
    transactionalIds: () => ask('transactionalIds', {}),
    createTopics: (topics) => ask('createTopics', { topics }),
    growTopic: (topic, partitionCount) => ask('growTopic', { topic, partitionCount }),
    deleteTopic: (topic) => ask('deleteTopic', { topic }),
    deleteRecords: (topic, partition, before) => ask('deleteRecords', { topic, partition, before: Number(before) }),
    eventTimes: async (dates) =>
      (await ask<(string | null)[]>('eventTimes', { dates })).map((text) => text ?? undefined),
    stop: java.stop,
  }
}
