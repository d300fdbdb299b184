import { messageOf, type Clock, type CrashPoint } from '@kafka-etl/common'
import {
  createRunBuilder,
  encodableOf,
  type EncodableRecord,
  type Kafka,
  type PartitionWrite,
  type TransactionalSink,
} from '@kafka-etl/kafka'
import type { DeadLetter } from './letter.js'
import type { ReplayRecord } from './plan-replay.js'

/** A letter, the record to send back, and the mark of the replay. */
export type Replay = { readonly letter: DeadLetter; readonly record: ReplayRecord; readonly mark: string }

export type ReplayWriter = {
  /**
   * Sends the records and their marks in one transaction: afterwards all of them exist, or none. Resolves to a sentence
   * if the broker has refused a record and nothing was written; rejects for any other failure.
   */
  readonly commit: (replays: readonly Replay[]) => Promise<string | undefined>
  readonly close: () => Promise<void>
}

export type ReplayWriterOptions = {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly groupId: string
  readonly marksTopic: string
  readonly crashPoint: CrashPoint
  /** The largest batch of a topic, in bytes. */
  readonly batchLimit: (topic: string) => number
}

// An input waits for the end of an open transaction: one left by a crash must end soon.
const transactionTimeoutMs = 10_000

/**
 * Opens the only writer of replays. Its init ends every earlier one and settles what that left open (KIP-98): marks
 * that are read after it are complete.
 */
export const openReplayWriter = async (options: ReplayWriterOptions): Promise<ReplayWriter> => {
  const { kafka, groupId, marksTopic, crashPoint } = options
  const open = (): Promise<TransactionalSink> =>
    kafka.openTransactionalSink({
      transactionalId: `${groupId}/${marksTopic}/0`,
      timeoutMs: transactionTimeoutMs,
      crashPoint: (name) => crashPoint(`replay.${name}`),
    })
  let sink = await open()
  return {
    commit: async (replays) => {
      try {
        await sink.commit({ writes: encodeReplays(replays, options) })
        return undefined
      } catch (error) {
        if (!isRefusal(error)) throw error
        sink.discard()
        sink = await open()
        return messageOf(error)
      }
    },
    close: () => sink.close(),
  }
}

/** A broker's responses to records that it will never accept. Nothing is committed then. */
const refusals: readonly unknown[] = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
]

const isRefusal = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && refusals.includes(cause.type)) return true
  }
  return false
}

/** Whether one batch of its topic can hold the record. */
export const fitsIntoBatch = (record: ReplayRecord, batchBytes: number): boolean =>
  createRunBuilder(batchBytes, 1).add(encodableOf({ ...record, timestampMs: 0 }))

const encodeReplays = (
  replays: readonly Replay[],
  { marksTopic, batchLimit, clock }: ReplayWriterOptions,
): readonly PartitionWrite[] => {
  const timestampMs = clock.epochMs()
  const byPartition = Map.groupBy(replays, ({ record }) => `${record.topic}/${record.partition}`)
  const records = [...byPartition.values()].flatMap((ofPartition) => {
    const [first] = ofPartition
    if (first === undefined) return []
    const { topic, partition } = first.record
    const encodable = ofPartition.map(({ record }) => encodableOf({ ...record, timestampMs }))
    return encodeWrites({ topic, partition }, encodable, batchLimit(topic))
  })
  const marks = replays.map((replay) => encodableOf({ ...toMark(replay), timestampMs }))
  return [...records, ...encodeWrites({ topic: marksTopic, partition: 0 }, marks, batchLimit(marksTopic))]
}

const encodeWrites = (
  place: { readonly topic: string; readonly partition: number },
  records: readonly EncodableRecord[],
  batchBytes: number,
): readonly PartitionWrite[] => {
  const builder = createRunBuilder(batchBytes, records.length)
  for (const record of records) {
    if (builder.add(record)) continue
    throw new Error(`expected a record of at most ${batchBytes} bytes for ${place.topic}/${place.partition}, got more`)
  }
  return builder.finish().map((run) => ({ ...place, records: run }))
}

const toMark = ({ mark, record }: Replay) => ({
  key: Buffer.from(mark),
  value: Buffer.from(`replayed to ${record.topic}/${record.partition}`),
  headers: [],
})
