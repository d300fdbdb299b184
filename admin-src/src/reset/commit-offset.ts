import type { Kafka } from 'kafkajs'
import type { OffsetMove } from './plan-reset.js'

const attempts = 3

/**
 * Moves the group's offset of one input partition as the ETL itself moves it: in a transaction of the partition's own
 * transactional id. Its init settles what a killed ETL left open, and fences one that is still there unseen: that one
 * has to read the offset anew before it can write again. After an error the producer is thrown away, since KafkaJS
 * cannot go on with it.
 */
export const commitOffset = async (kafka: Kafka, groupId: string, move: OffsetMove): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await commitOnce(kafka, groupId, move)
      return
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

const commitOnce = async (kafka: Kafka, groupId: string, { topic, partition, target }: OffsetMove): Promise<void> => {
  const producer = kafka.producer({
    transactionalId: `${groupId}-${topic}-${partition}`,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 10_000,
    allowAutoTopicCreation: false,
    createPartitioner: () => () => partition,
    retry: { initialRetryTime: 20, maxRetryTime: 1_000, retries: 10 },
  })
  try {
    await producer.connect()
    const transaction = await producer.transaction()
    const topics = [{ topic, partitions: [{ partition, offset: target.toString() }] }]
    await transaction.sendOffsets({ consumerGroupId: groupId, topics })
    await transaction.commit()
  } finally {
    await producer.disconnect().catch(() => undefined)
  }
}
