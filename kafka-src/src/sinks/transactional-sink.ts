import { withDeadline } from '@kafka-etl/common'
import type { Kafka as Client, Offsets, Producer, Transaction } from 'kafkajs'
import { toMessage } from '../records/encoded-records.js'
import { assertWritten } from './acknowledgement.js'
import { explicitPartition, type PartitionWrite } from './partition-write.js'

/** What one transaction makes visible at once. */
export type TransactionContent = {
  /** Written in this order, one after the other: the next is asked for when the one before is acknowledged. */
  readonly writes: Iterable<PartitionWrite>
  /** Where the group goes on; undefined: no group is touched. */
  readonly position?: GroupPosition | undefined
  /** Runs beside the writes; if it rejects, nothing is committed. */
  readonly check?: () => Promise<void>
}

/** The offset that a group is to go on from, and what is kept with it (at most 4,096 bytes: offset.metadata.max.bytes). */
export type GroupPosition = {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly nextOffset: bigint
  readonly metadata?: string
}

/** The only writer with its transactional id. After any error it must be discarded, never used again. */
export type TransactionalSink = {
  /** Rejects when the outcome is another or not known: what is committed then is settled by the next init alone. */
  readonly commit: (content: TransactionContent) => Promise<void>
  readonly discard: () => void
  readonly close: () => Promise<void>
}

export type TransactionalCrashPoint = 'afterInit' | 'afterSend' | 'afterSendOffsets' | 'beforeCommit' | 'afterCommit'

export type TransactionalSinkOptions = {
  readonly transactionalId: string
  /** The coordinator ends a transaction that is open for so long: 60 s unless told otherwise. */
  readonly timeoutMs?: number
  readonly crashPoint?: (name: TransactionalCrashPoint) => void
}

const defaultTimeoutMs = 60_000
const openDeadlineMs = 30_000

// The application gives up before the coordinator does, so that an outcome it did not see is settled by the next init.
const commitDeadlineOf = (timeoutMs: number): number => (timeoutMs * 3) / 4

/**
 * Opens the writer with this transactional id. Its InitProducerId fences every earlier writer with the same id and
 * settles what they left open, so that offsets of the group read after it are final (KIP-98).
 */
export const openTransactionalSink = async (
  client: Client,
  { transactionalId, timeoutMs = defaultTimeoutMs, crashPoint = () => undefined }: TransactionalSinkOptions,
): Promise<TransactionalSink> => {
  const producer = client.producer({
    transactionalId,
    idempotent: true,
    // Records and offset side by side; more than one request with records there never is.
    maxInFlightRequests: 2,
    transactionTimeout: timeoutMs,
    allowAutoTopicCreation: false,
    createPartitioner: () => explicitPartition,
    // The deadline bounds them.
    retry: { initialRetryTime: 1, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
  })
  const discard = (): void => void producer.disconnect().catch(() => undefined)
  try {
    let transaction = await withDeadline(beginFirst(producer), openDeadlineMs, 'the transactional producer to be ready')
    crashPoint('afterInit')
    const commit = async (content: TransactionContent): Promise<void> => {
      const committed = run(transaction, content, crashPoint, discard)
      // What goes on after the deadline may connect again, and is fenced by the next writer.
      committed.catch(discard)
      await withDeadline(committed, commitDeadlineOf(timeoutMs), 'the transaction to be committed')
      transaction = await producer.transaction()
    }
    return { commit, discard, close: () => producer.disconnect() }
  } catch (error) {
    discard()
    throw error
  }
}

const beginFirst = async (producer: Producer): Promise<Transaction> => {
  await producer.connect()
  return producer.transaction()
}

/** Records beside the offset, then commit; no abort and no second try here, whatever fails. */
const run = async (
  transaction: Transaction,
  { writes, position, check }: TransactionContent,
  crashPoint: (name: TransactionalCrashPoint) => void,
  discard: () => void,
): Promise<void> => {
  const sent = [
    writeRecords(transaction, writes, crashPoint),
    writePosition(transaction, position, crashPoint),
    ...(check ? [check()] : []),
  ]
  await Promise.all(sent).catch((error: unknown) => {
    void Promise.allSettled(sent).then(discard)
    throw error
  })
  crashPoint('beforeCommit')
  await transaction.commit()
  crashPoint('afterCommit')
}

const writeRecords = async (
  transaction: Transaction,
  writes: Iterable<PartitionWrite>,
  crashPoint: (name: TransactionalCrashPoint) => void,
): Promise<void> => {
  // One partition a send. KafkaJS begins a retry while requests of the same send to other brokers are still under way,
  // and writes what these carry a second time, with new sequence numbers: twice in one transaction.
  for (const { topic, partition, records } of writes) {
    const written = await transaction.send({
      acks: -1,
      timeout: 30_000,
      topic,
      messages: [toMessage(records, partition)],
    })
    assertWritten(written, topic, partition)
  }
  crashPoint('afterSend')
}

// KafkaJS's types know nothing of `metadata`, which its request has had since TxnOffsetCommit v0.
type OffsetsWithMetadata = {
  readonly topics: { topic: string; partitions: { partition: number; offset: string; metadata: string | null }[] }[]
}

const writePosition = async (
  transaction: Transaction,
  position: GroupPosition | undefined,
  crashPoint: (name: TransactionalCrashPoint) => void,
): Promise<void> => {
  if (position === undefined) return
  const { groupId, topic, partition, nextOffset, metadata } = position
  const offset = { partition, offset: nextOffset.toString(), metadata: metadata ?? null }
  const offsets: Offsets & OffsetsWithMetadata = { topics: [{ topic, partitions: [offset] }] }
  await transaction.sendOffsets({ consumerGroupId: groupId, ...offsets })
  crashPoint('afterSendOffsets')
}
