import { withDeadline } from '@kafka-etl/common'
import type { Kafka as Client, Offsets, Producer, Transaction } from 'kafkajs'
import { toMessage } from '../records/encoded-records.js'
import { assertWritten } from './acknowledgement.js'
import { explicitPartition, type PartitionWrite } from './partition-write.js'

/** The content of one transaction, which becomes visible at once. */
export type TransactionContent = {
  /** The sink writes these in order. It takes the next one after the previous one is acknowledged. */
  readonly writes: Iterable<PartitionWrite>
  /** The position to commit for the group; undefined: no group takes part. */
  readonly position?: GroupPosition | undefined
  /** Runs in parallel with the writes. If it rejects, the sink commits nothing. */
  readonly check?: () => Promise<void>
}

/** The offset from which a group continues, and its metadata (at most 4,096 bytes: offset.metadata.max.bytes). */
export type GroupPosition = {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly nextOffset: bigint
  readonly metadata?: string
}

/** The only writer with its transactional id. After any error, discard it and never use it again. */
export type TransactionalSink = {
  /** Rejects if the commit failed or its outcome is unknown. Only the next init settles what is committed then. */
  readonly commit: (content: TransactionContent) => Promise<void>
  readonly discard: () => void
  readonly close: () => Promise<void>
}

export type TransactionalCrashPoint = 'afterInit' | 'afterSend' | 'afterSendOffsets' | 'beforeCommit' | 'afterCommit'

export type TransactionalSinkOptions = {
  readonly transactionalId: string
  /** The coordinator aborts a transaction that is open for longer. The default is 60 s. */
  readonly timeoutMs?: number
  readonly crashPoint?: (name: TransactionalCrashPoint) => void
}

const defaultTimeoutMs = 60_000
const openDeadlineMs = 30_000

// The application gives up before the coordinator does: the next init settles an outcome that it did not see.
const commitDeadlineOf = (timeoutMs: number): number => (timeoutMs * 3) / 4

/**
 * Opens the writer with this transactional id. Its InitProducerId fences every earlier writer with the same id and
 * settles their open transactions: group offsets read after it are final (KIP-98).
 */
export const openTransactionalSink = async (
  client: Client,
  { transactionalId, timeoutMs = defaultTimeoutMs, crashPoint = () => undefined }: TransactionalSinkOptions,
): Promise<TransactionalSink> => {
  const producer = client.producer({
    transactionalId,
    idempotent: true,
    // Records and offset are sent in parallel; there is never more than one request with records.
    maxInFlightRequests: 2,
    transactionTimeout: timeoutMs,
    allowAutoTopicCreation: false,
    createPartitioner: () => explicitPartition,
    // The deadline limits the retries.
    retry: { initialRetryTime: 1, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
  })
  const discard = (): void => void producer.disconnect().catch(() => undefined)
  try {
    let transaction = await withDeadline(beginFirst(producer), openDeadlineMs, 'the transactional producer to be ready')
    crashPoint('afterInit')
    const commit = async (content: TransactionContent): Promise<void> => {
      const committed = run(transaction, content, crashPoint, discard)
      // Whatever continues after the deadline may reconnect, and the next writer fences it.
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

/** Sends records and offset in parallel, then commits. On any failure it neither aborts nor retries. */
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
  // One partition per send. KafkaJS starts a retry while requests of the same send to other brokers are in flight, and
  // writes their records a second time with new sequence numbers: twice in one transaction.
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

// KafkaJS's types lack `metadata`, which its request has had since TxnOffsetCommit v0.
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
