import type { Clock } from '@kafka-etl/common'
import type { EachBatchPayload } from 'kafkajs'
import { repeatWhileBeingMade } from '../admin/while-being-made.js'
import type { Client, ClientConsumer } from '../client/client.js'
import type { ConsumedBatch } from '../records/consumed-batch.js'
import type { FetchedBatch } from '../records/fetched-batch.js'
import { explainRefusedMember } from './foreign-members.js'
import { createSubscriptionAssigner } from './subscription-assigner.js'

/** The partitions that a member has, by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>

export type Position = { readonly topic: string; readonly partition: number; readonly offset: bigint }

/** Offsets that hold nothing to read: control records, aborted ones, or what compaction has emptied. */
export type PassedOver = {
  readonly topic: string
  readonly partition: number
  readonly firstOffset: bigint
  readonly lastOffset: bigint
}

export type SourceOptions = {
  readonly groupId: string
  /** The member to come back as, if it is known ({@link KafkaAdmin.findFormerMember}). */
  readonly memberId?: string | undefined
  readonly topics: readonly string[]
  /** What the group is told that this member reads for. */
  readonly pipeline?: string
  /** A rebalance waits for no member longer than this. */
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** How many partitions are handled side by side; the records of one partition never are. */
  readonly partitionsAtOnce: number
  readonly maxBytesPerPartition: number
  /** Of all partitions together, so that memory does not grow with their number; each comes first in its turn. */
  readonly maxBytes: number
  /** Rejects what is to be fetched again, after a pause and from where the group's committed offset is. */
  readonly onDelivery: (delivery: Delivery) => Promise<void>
  /** Is called at each join, before the first fetch, so that nothing is read from elsewhere than where `seek` says. */
  readonly onJoined: (assignment: Assignment, seek: (position: Position) => void) => void
  readonly onPassedOver: (passed: PassedOver, seek: (position: Position) => void) => void
  /** A leader of another kind has given it topics that it has not subscribed to, and reads none of: somebody uses the group's name. */
  readonly onForeignTopics?: (topics: readonly string[]) => void
  /** The consumer starts again by itself. */
  readonly onRestarting?: (error: Error) => void
  /** The consumer has ended and will not start again by itself. */
  readonly onCrashed: (error: unknown) => void
  /** When it is aborted before the group is joined, the opening is given up, and rejects. */
  readonly stopping?: AbortSignal
}

/** A batch, and what its handler may do with it. */
export type Delivery = {
  readonly batch: FetchedBatch
  /** The batch is not the one to go on with: somebody has sought elsewhere since it was fetched. */
  readonly isStale: () => boolean
  readonly heartbeat: () => Promise<void>
  /** The next batch begins there, in the middle of this one or behind it. To be called after what was made of the records is safe, never before. */
  readonly advance: (nextOffset: bigint) => void
  /** The next fetch of the partition starts there. */
  readonly seek: (offset: bigint) => void
}

/** A member of a consumer group that commits nothing by itself: positions are its caller's. */
export type RecordSource = {
  readonly seek: (position: Position) => void
  /** Tells the group's coordinator where the member stands, outside of any transaction. */
  readonly commit: (positions: readonly Position[]) => Promise<void>
  /** Leaves the group, after what is being handled. */
  readonly close: () => Promise<void>
}

/**
 * Joins the group; resolves as a member of it, or, after an error that may pass, while it goes on trying, which
 * `onRestarting` says. Rejects if it is not let in.
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
    // A member that was killed is missed for as long as this.
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: options.heartbeatIntervalMs,
    rebalanceTimeout: options.rebalanceTimeoutMs,
    // A stop waits for the fetch that is under way.
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
  // KafkaJS's `run` resolves after a crash, too.
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

/** A group that does not let its new member in, or a broker that is away, must not hold up a stop. */
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
    // A batch of nothing but control or aborted records never reaches eachBatch (tulios/kafkajs#1256).
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
