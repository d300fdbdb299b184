import type { Admin } from 'kafkajs'
import { readProducers } from '../requests/producers.js'
import { readTransactions, type ListedTransaction } from '../requests/transactions.js'
import type { DescribeTopics } from './describe-topics.js'
import { groupByLeader } from './log-ranges.js'

/** An open transaction in a partition. A read_committed consumer reads nothing from `startOffset` on. */
export type OpenTransaction = {
  readonly topic: string
  readonly partition: number
  readonly startOffset: bigint
  readonly producerId: bigint
  /** When the producer last wrote to the partition, in epoch ms. */
  readonly lastTimestampMs: number
  /** Undefined if this user may not see it, or if no coordinator knows it any more, in which case it hangs. */
  readonly transactionalId: string | undefined
}

/** The open transactions in the topics' partitions (KIP-664). Rejects on brokers before Kafka 3.0. */
export const readOpenTransactions = async (
  admin: Admin,
  describe: DescribeTopics,
  topics: readonly string[],
): Promise<readonly OpenTransaction[]> => {
  const leaders = groupByLeader(await describe(topics))
  const asked = [...leaders].map(([nodeId, partitions]) => readProducers(admin, { nodeId, topics: partitions }))
  const producers = (await Promise.all(asked)).flat()
  const open = producers.flatMap(({ transactionStart, ...producer }) =>
    transactionStart === undefined ? [] : [{ ...producer, startOffset: transactionStart }],
  )
  if (open.length === 0) return []
  const transactions = await listTransactions(
    admin,
    open.map(({ producerId }) => producerId),
  )
  return open.map(({ topic, partition, startOffset, producerId, lastTimestampMs }) => ({
    topic,
    partition,
    startOffset,
    producerId,
    lastTimestampMs,
    transactionalId: transactions.find((transaction) => transaction.producerId === producerId)?.transactionalId,
  }))
}

/** Lists the transactions of all brokers: each broker knows those that it coordinates. */
const listTransactions = async (
  admin: Admin,
  producerIds: readonly bigint[],
): Promise<readonly ListedTransaction[]> => {
  const { brokers } = await admin.describeCluster()
  const listed = await Promise.all(brokers.map(({ nodeId }) => readTransactions(admin, nodeId, producerIds)))
  return listed.flat()
}
