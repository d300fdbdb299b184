import { repeatWhileBeingMade } from '@kafka-etl/kafka'
import type { Batch, Consumer, ConsumerConfig, EachBatchPayload, InstrumentationEvent, Kafka } from 'kafkajs'
import type { InputRecords } from './input-record.js'
import type { FetchedBatch } from './partition-task.js'

export type GroupConsumerOptions = {
  readonly kafka: Kafka
  readonly groupId: string
  /** The member to come back as, if it is known. */
  readonly memberId: string | undefined
  readonly topics: readonly string[]
  readonly onBatch: (delivery: Delivery) => Promise<void>
  readonly onJoined: (assignment: Assignment) => void
  /** The consumer passed offsets that hold nothing to read. */
  readonly onPassedOver: (topic: string, partition: number, firstOffset: bigint, lastOffset: bigint) => void
  /** The consumer has ended and will not start again by itself. */
  readonly onCrashed: (error: Error) => void
}

export type Assignment = Readonly<Record<string, readonly number[]>>

export type Delivery = {
  readonly topic: string
  readonly partition: number
  readonly batch: FetchedBatch
  readonly heartbeat: () => Promise<void>
  /** Moves the position past the batch. To be called after its transaction is committed, never before. */
  readonly resolve: () => void
  /** The next fetch of the partition starts there. */
  readonly seek: (offset: bigint) => void
}

// A member that was killed is missed for as long as this; the broker's default lower limit is 6 s.
const sessionTimeoutMs = 6_000
const heartbeatIntervalMs = 250
const rebalanceTimeoutMs = 20_000
const maxPartitionsAtOnce = 64

/** A member of the consumer group that commits nothing by itself: offsets belong to the transactions. */
export const startGroupConsumer = async (options: GroupConsumerOptions): Promise<Consumer> => {
  const { kafka, groupId, topics, memberId } = options
  const config: ConsumerConfig & { readonly memberId: string | undefined } = {
    groupId,
    memberId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    maxWaitTimeInMs: 1_000,
    maxBytesPerPartition: 1_048_576,
    // Of all partitions together, so that memory does not grow with their number; each comes first in its turn.
    maxBytes: 2_097_152,
    metadataMaxAge: 15_000,
    allowAutoTopicCreation: false,
    readUncommitted: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
  }
  const consumer = kafka.consumer(config)
  listen(consumer, options)
  await consumer.connect()
  await repeatWhileBeingMade(() => consumer.subscribe({ topics: [...topics], fromBeginning: true }))
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: maxPartitionsAtOnce,
    eachBatch: (payload) => options.onBatch(toDelivery(consumer, payload)),
  })
  return consumer
}

const listen = (consumer: Consumer, { onJoined, onPassedOver, onCrashed }: GroupConsumerOptions): void => {
  const { GROUP_JOIN, END_BATCH_PROCESS, CRASH } = consumer.events
  consumer.on(GROUP_JOIN, ({ payload }) => onJoined(payload.memberAssignment))
  consumer.on(END_BATCH_PROCESS, ({ payload }: InstrumentationEvent<unknown>) => {
    const { topic, partition, batchSize, firstOffset, lastOffset } = payload as BatchEvent
    // A batch of nothing but control or aborted records never reaches eachBatch (tulios/kafkajs#1256).
    if (batchSize === 0) onPassedOver(topic, partition, BigInt(firstOffset ?? lastOffset), BigInt(lastOffset))
  })
  consumer.on(CRASH, ({ payload }) => {
    if (!payload.restart) onCrashed(payload.error)
  })
}

type BatchEvent = {
  readonly topic: string
  readonly partition: number
  readonly batchSize: number
  readonly firstOffset: string | null
  readonly lastOffset: string
}

const toDelivery = (consumer: Consumer, payload: EachBatchPayload): Delivery => {
  // `fetchedOffset` is missing in KafkaJS's types only.
  const batch = payload.batch as Batch & { readonly fetchedOffset: string }
  const { topic, partition } = batch
  return {
    topic,
    partition,
    batch: {
      records: recordsOf(batch),
      fetchedOffset: BigInt(batch.fetchedOffset),
      lastOffset: BigInt(batch.lastOffset()),
    },
    heartbeat: () => payload.heartbeat(),
    resolve: () => payload.resolveOffset(batch.lastOffset()),
    seek: (offset) => consumer.seek({ topic, partition, offset: offset.toString() }),
  }
}

// The patched batch reads its records from the response's bytes (patches/README.md).
const recordsOf = (batch: Batch): InputRecords => {
  if ('records' in batch) return batch.records as InputRecords
  throw new Error('expected KafkaJS with the patches of patches/, got it without: run `npm ci`')
}
