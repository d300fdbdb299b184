import type { CrashPoint } from '@kafka-etl/common'
import type { Kafka, Message, Producer, Transaction } from 'kafkajs'
import type { ReplayRecord } from './plan-replay.js'

/** A letter to be sent back, and the mark that says so. */
export type Replay = { readonly record: ReplayRecord; readonly mark: string }

export type ReplayWriter = {
  /** Sends the records and their marks in one transaction: all of it is there afterwards, or nothing. */
  readonly commit: (replays: readonly Replay[]) => Promise<void>
  readonly close: () => Promise<void>
}

export type ReplayWriterOptions = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly marksTopic: string
  readonly crashPoint: CrashPoint
}

// An input waits for the end of an open transaction, so that one left by a crash must end soon.
const transactionTimeoutMs = 10_000

/**
 * Opens the only writer of replays: its init ends every earlier one and settles what that left open (KIP-98), so that
 * the marks read after it are all there are.
 */
export const openReplayWriter = async (options: ReplayWriterOptions): Promise<ReplayWriter> => {
  const producer = options.kafka.producer({
    transactionalId: `${options.groupId}-replay`,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: transactionTimeoutMs,
    allowAutoTopicCreation: false,
    createPartitioner: () => explicitPartition,
    retry: { initialRetryTime: 20, maxRetryTime: 1_000, retries: 10 },
  })
  await producer.connect()
  let transaction: Transaction | undefined = await producer.transaction()
  return {
    commit: async (replays) => {
      const current = transaction ?? (await producer.transaction())
      transaction = undefined
      await send(current, replays, options)
    },
    close: () => close(producer, transaction),
  }
}

/** An unused transaction is aborted; of one that failed nothing is asked, since its outcome is not known. */
const close = async (producer: Producer, unused: Transaction | undefined): Promise<void> => {
  await unused?.abort().catch(() => undefined)
  await producer.disconnect()
}

const send = async (
  transaction: Transaction,
  replays: readonly Replay[],
  { marksTopic, crashPoint }: ReplayWriterOptions,
): Promise<void> => {
  // One partition a send. KafkaJS begins a retry while requests of the same send to other brokers are still under way,
  // and writes what these carry a second time, with new sequence numbers.
  for (const { topic, partition, messages } of [
    ...groupByPartition(replays),
    { topic: marksTopic, partition: 0, messages: replays.map(toMark) },
  ]) {
    const written = await transaction.send({ acks: -1, timeout: 30_000, topic, messages })
    const answer = written.find((candidate) => candidate.topicName === topic && candidate.partition === partition)
    // KafkaJS resolves a send although a partition whose leader moved was never written (tulios/kafkajs#1303).
    if (answer?.errorCode !== 0) {
      throw new Error(
        `expected an acknowledgement of ${topic}/${partition}, got ${answer ? `error ${answer.errorCode}` : 'none'}`,
      )
    }
  }
  crashPoint('replay.afterSend')
  await transaction.commit()
  crashPoint('replay.afterCommit')
}

type PartitionMessages = { readonly topic: string; readonly partition: number; readonly messages: Message[] }

const groupByPartition = (replays: readonly Replay[]): PartitionMessages[] => {
  const byPartition = Map.groupBy(replays, ({ record }) => `${record.topic}/${record.partition}`)
  return [...byPartition.values()].flatMap((ofPartition) => {
    const [first] = ofPartition
    if (first === undefined) return []
    const { topic, partition } = first.record
    const messages = ofPartition.map(({ record: { key, value, headers } }) => ({ partition, key, value, headers }))
    return [{ topic, partition, messages }]
  })
}

const toMark = ({ mark, record }: Replay): Message => ({
  key: mark,
  value: `replayed to ${record.topic}/${record.partition}`,
  partition: 0,
})

const explicitPartition = ({ message }: { readonly message: Message }): number => message.partition ?? 0
