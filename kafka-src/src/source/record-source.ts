import type { Clock } from '@kafka-etl/common'
import type { EachBatchPayload } from 'kafkajs'
import { repeatWhileBeingMade } from '../admin/while-being-made.js'
import type { Client, ClientConsumer } from '../client/client.js'
import type { ConsumedBatch } from '../records/consumed-batch.js'
import type { FetchedBatch } from '../records/fetched-batch.js'
import { explainRefusedMember } from './foreign-members.js'
import { createSubscriptionAssigner } from './subscription-assigner.js'

/** The partitions that are assigned to a member, by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>

export type Position = { readonly topic: string; readonly partition: number; readonly offset: bigint }

/** Offsets without visible records: control records, aborted records, or records removed by compaction. */
export type PassedOver = {
  readonly topic: string
  readonly partition: number
  readonly firstOffset: bigint
  readonly lastOffset: bigint
}

export type SourceOptions = {
  readonly groupId: string
  /** The member id to rejoin with, if it is known ({@link KafkaAdmin.findFormerMember}). */
  readonly memberId?: string | undefined
  readonly topics: readonly string[]
  /** The pipeline that this member announces to the group. */
  readonly pipeline?: string
  /** The longest time for which a rebalance waits for a member. */
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** How many partitions are handled in parallel. The records of one partition are always handled in order. */
  readonly partitionsAtOnce: number
  readonly maxBytesPerPartition: number
  /**
   * The limit for all partitions together: memory does not grow with their number. Each partition gets its turn first.
   */
  readonly maxBytes: number
  /** Rejects to have the records fetched again, after a pause and from the group's committed offset. */
  readonly onDelivery: (delivery: Delivery) => Promise<void>
  /** Called at each join, before the first fetch: reading starts only where `seek` says. */
  readonly onJoined: (assignment: Assignment, seek: (position: Position) => void) => void
  readonly onPassedOver: (passed: PassedOver, seek: (position: Position) => void) => void
  /**
   * The leader of another kind has assigned topics that this member does not subscribe to and does not read: another
   * application uses the group's name.
   */
  readonly onForeignTopics?: (topics: readonly string[]) => void
  /** The consumer restarts by itself. */
  readonly onRestarting?: (error: Error) => void
  /** The consumer has ended and does not restart by itself. */
  readonly onCrashed: (error: unknown) => void
  /** If it is aborted before the member has joined the group, `openSource` gives up and rejects. */
  readonly stopping?: AbortSignal
}

/** A batch, and what its handler may do with it. */
export type Delivery = {
  readonly batch: FetchedBatch
  /** Whether a seek has moved elsewhere since the batch was fetched. If so, the handler drops the batch. */
  readonly isStale: () => boolean
  readonly heartbeat: () => Promise<void>
  /**
   * Moves the position: the next batch begins at this offset, in the middle of this batch or behind it. Call it only
   * after the results of the records are safe.
   */
  readonly advance: (nextOffset: bigint) => void
  /** Starts the next fetch of the partition at this offset. */
  readonly seek: (offset: bigint) => void
}

/** A member of a consumer group. It commits nothing by itself: its caller manages the positions. */
export type RecordSource = {
  readonly seek: (position: Position) => void
  /** Commits the member's positions to the group's coordinator, outside any transaction. */
  readonly commit: (positions: readonly Position[]) => Promise<void>
  /** Leaves the group after the current batches are handled. */
  readonly close: () => Promise<void>
}

/**
 * Joins the group. Resolves once it is a member, or, after a transient error, while it keeps trying, which it reports
 * through `onRestarting`. Rejects if the group does not admit it.
 */
export const openSource = async (
  client: Client,
  clock: Clock,
  options: SourceOptions & { readonly sessionTimeoutMs: number },
): Promise<RecordSource> => {
  const { groupId, memberId, topics, stopping, sessionTimeoutMs } = options
  const consumer = client.consumer({
    groupId,
    ...(memberId === undefined ? {} : { memberId }),
    partitionAssigners: [createSubscriptionAssigner(options.pipeline)],
    // The time after which the group misses a killed member.
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: options.heartbeatIntervalMs,
    rebalanceTimeout: options.rebalanceTimeoutMs,
    // A stop waits for the current fetch.
    maxWaitTimeInMs: 1_000,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxBytes: options.maxBytes,
    metadataMaxAge: 15_000,
    allowAutoTopicCreation: false,
    readUncommitted: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
  })
  const seek = ({ topic, partition, offset }: Position): void =>
    consumer.seek({ topic, partition, offset: offset.toString() })
  const explain = (error: unknown): Promise<unknown> =>
    explainRefusedMember(error, groupId, { client, clock, sessionTimeoutMs })
  // KafkaJS's `run` resolves even after a crash.
  const { promise: crashed, reject: onCrashed } = Promise.withResolvers<never>()
  listen(consumer, { ...options, onCrashed }, seek)
  const join = async (): Promise<void> => {
    await consumer.connect()
    await repeatWhileBeingMade(() => consumer.subscribe({ topics: [...topics], fromBeginning: true }), clock)
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce,
      eachBatch: (payload) => options.onDelivery(toDelivery(payload, seek)),
    })
  }
  await joinUnlessStopped(Promise.race([join(), crashed]), consumer, stopping).catch(async (error: unknown) => {
    throw await explain(error)
  })
  crashed.catch(async (error: unknown) => options.onCrashed(await explain(error)))
  return {
    seek,
    commit: (positions) =>
      consumer.commitOffsets(
        positions.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset.toString() })),
      ),
    close: () => consumer.disconnect(),
  }
}

/** A stop must not wait for a group that does not admit its new member, or for a broker that is down. */
const joinUnlessStopped = async (
  joining: Promise<void>,
  consumer: ClientConsumer,
  stopping: AbortSignal | undefined,
): Promise<void> => {
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>()
  const onAbort = (): void => stop(stopping?.reason)
  if (stopping?.aborted) onAbort()
  stopping?.addEventListener('abort', onAbort)
  try {
    await Promise.race([joining, stopped])
  } catch (error) {
    joining.catch(() => undefined)
    void consumer.disconnect().catch(() => undefined)
    throw error
  } finally {
    stopping?.removeEventListener('abort', onAbort)
  }
}

const listen = (
  consumer: ClientConsumer,
  { onJoined, onPassedOver, onForeignTopics, onRestarting, onCrashed }: SourceOptions,
  seek: (position: Position) => void,
): void => {
  const { GROUP_JOIN, END_BATCH_PROCESS, RECEIVED_UNSUBSCRIBED_TOPICS, CRASH } = consumer.events
  // KafkaJS calls this before the first fetch of every generation (ConsumerGroup.joinAndSync).
  consumer.on(GROUP_JOIN, ({ payload }) => onJoined(payload.memberAssignment, seek))
  consumer.on(END_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, batchSize, firstOffset, lastOffset } = payload
    // A batch of only control or aborted records never reaches eachBatch (tulios/kafkajs#1256).
    if (batchSize > 0) return
    const passed = { firstOffset: BigInt(firstOffset ?? lastOffset), lastOffset: BigInt(lastOffset) }
    onPassedOver({ topic, partition, ...passed }, seek)
  })
  consumer.on(RECEIVED_UNSUBSCRIBED_TOPICS, ({ payload }) => onForeignTopics?.(payload.topicsNotSubscribed))
  consumer.on(CRASH, ({ payload }) => {
    if (payload.restart) onRestarting?.(payload.error)
    else onCrashed(payload.error)
  })
}

const toDelivery = (payload: EachBatchPayload<ConsumedBatch>, seek: (position: Position) => void): Delivery => {
  const batch = payload.batch.fetched
  const { topic, partition } = batch
  return {
    batch,
    isStale: () => payload.isStale(),
    heartbeat: () => payload.heartbeat(),
    advance: (nextOffset) => payload.resolveOffset((nextOffset - 1n).toString()),
    seek: (offset) => seek({ topic, partition, offset }),
  }
}
