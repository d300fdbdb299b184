import { withDeadline } from '@kafka-etl/common'
import { toMessage, type RecordRun } from '@kafka-etl/kafka'
import type { Kafka, Producer, RecordMetadata, Transaction } from 'kafkajs'
import type { Route } from './input-record.js'

/** What one transaction makes visible at once: the outputs, the dead letters, and the group's next offset. */
export type TransactionContent = {
  readonly outputs: readonly RecordRun[]
  readonly deadLetters: readonly RecordRun[]
  readonly nextOffset: bigint
}

/** The only writer of an input partition's outputs. After any error it must be discarded, never used again. */
export type TransactionalWriter = {
  readonly commit: (content: TransactionContent) => Promise<void>
  readonly discard: () => void
  readonly close: () => Promise<void>
}

export type TransactionalWriterOptions = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly route: Route
  readonly crashPoint: (name: string) => void
}

// The application gives up before the coordinator does, so that an outcome it did not see is settled by the next init.
const transactionTimeoutMs = 60_000
const commitDeadlineMs = 45_000
const openDeadlineMs = 30_000

/**
 * Opens the writer of an input partition. Its InitProducerId fences every earlier writer with the same transactional
 * id and settles what they left open, so that offsets of the group read after it are final (KIP-98).
 */
export const openTransactionalWriter = async (options: TransactionalWriterOptions): Promise<TransactionalWriter> => {
  const { kafka, groupId, route, crashPoint } = options
  const producer = kafka.producer({
    transactionalId: `${groupId}-${route.topic}-${route.partition}`,
    idempotent: true,
    // Records and offset side by side; more than one request with records there never is.
    maxInFlightRequests: 2,
    transactionTimeout: transactionTimeoutMs,
    allowAutoTopicCreation: false,
    createPartitioner: () => () => route.outputPartition,
    // The deadline bounds them.
    retry: { initialRetryTime: 1, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
  })
  const discard = (): void => void producer.disconnect().catch(() => undefined)
  try {
    let transaction = await withDeadline(beginFirst(producer), openDeadlineMs, 'the transactional producer to be ready')
    crashPoint('etl.afterInit')
    const commit = async (content: TransactionContent): Promise<void> => {
      const committed = run(transaction, content, options, discard)
      // What goes on after the deadline may connect again, and is fenced by the next writer.
      committed.catch(discard)
      await withDeadline(committed, commitDeadlineMs, 'the transaction to be committed')
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

/** Outputs and dead letters beside the offsets, then commit; no abort and no second try here, whatever fails. */
const run = async (
  transaction: Transaction,
  content: TransactionContent,
  options: TransactionalWriterOptions,
  discard: () => void,
): Promise<void> => {
  const { crashPoint } = options
  const writes = [writeRecords(transaction, content, options), writeOffset(transaction, content, options)]
  await Promise.all(writes).catch((error: unknown) => {
    void Promise.allSettled(writes).then(discard)
    throw error
  })
  crashPoint('etl.beforeCommit')
  await transaction.commit()
  crashPoint('etl.afterCommit')
}

const writeRecords = async (
  transaction: Transaction,
  { outputs, deadLetters }: TransactionContent,
  { route, crashPoint }: TransactionalWriterOptions,
): Promise<void> => {
  // One partition a send. KafkaJS begins a retry while requests of the same send to other brokers are still under way,
  // and writes what these carry a second time, with new sequence numbers: twice in one transaction.
  for (const [topic, runs] of [
    [route.outputTopic, outputs],
    [route.deadLetterTopic, deadLetters],
  ] as const) {
    for (const run of runs) {
      const messages = [toMessage(run, route.outputPartition)]
      const written = await transaction.send({ acks: -1, timeout: 30_000, topic, messages })
      assertWritten(written, topic, route.outputPartition)
    }
  }
  crashPoint('etl.afterSend')
}

const writeOffset = async (
  transaction: Transaction,
  { nextOffset }: TransactionContent,
  { groupId, route, crashPoint }: TransactionalWriterOptions,
): Promise<void> => {
  const partitions = [{ partition: route.partition, offset: nextOffset.toString() }]
  await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: route.topic, partitions }] })
  crashPoint('etl.afterSendOffsets')
}

// KafkaJS resolves a send although a partition whose leader moved was never written (tulios/kafkajs#1303, PR #1798).
const assertWritten = (written: readonly RecordMetadata[], topic: string, partition: number): void => {
  const acknowledged = written.find((metadata) => metadata.topicName === topic && metadata.partition === partition)
  if (acknowledged?.errorCode === 0) return
  throw new Error(
    `expected an acknowledgement of ${topic} partition ${partition}, got ${acknowledged ? `error code ${acknowledged.errorCode}` : 'none'}`,
  )
}
