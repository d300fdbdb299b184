import { type Logger } from '@kafka-etl/common'
import { repeatWhileBeingMade } from '@kafka-etl/kafka'
import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs'
import type { PartitionPosition } from './file/file-positions.js'
import type { InputRecord } from './rows/batch-rows.js'
import type { RunOutcome } from './run-outcome.js'
import type { Partitions } from './topic/partitions.js'

export type GroupConsumerOptions = {
  readonly kafka: Kafka
  readonly topic: string
  readonly groupId: string
  /** The member to come back as, if this group still has one. */
  readonly memberId: string | undefined
  readonly logger: Logger
  readonly partitions: Partitions
  readonly outcome: RunOutcome
  /** Appends the batch's rows and moves its partition on. Nothing is read meanwhile. */
  readonly append: (batch: FetchedBatch) => Promise<void>
  /** Is called after each move of a partition, also over control records alone. */
  readonly onMoved: () => void
  readonly onJoined: () => void
}

export type FetchedBatch = {
  readonly partition: number
  readonly records: readonly InputRecord[]
  readonly lastOffset: string
  readonly heartbeat: () => Promise<void>
}

/**
 * Starts a read_committed consumer that takes its positions from the file alone and never skips anything silently.
 * Returns at once; what goes wrong for good ends the run.
 */
export const startGroupConsumer = (options: GroupConsumerOptions): Consumer => {
  const { kafka, groupId, memberId, outcome } = options
  // KafkaJS's types know nothing of `memberId`: patches/README.md.
  const config: ConsumerConfig & { readonly memberId: string | undefined } = {
    groupId,
    memberId,
    allowAutoTopicCreation: false,
    sessionTimeout: 6_000,
    rebalanceTimeout: 10_000,
    heartbeatInterval: 1_500,
    // A stop waits for the fetch that is under way.
    maxWaitTimeInMs: 1_000,
    maxBytesPerPartition: 2 << 20,
    metadataMaxAge: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
  }
  const consumer = kafka.consumer(config)
  listen(consumer, options)
  void run(consumer, options).catch(outcome.fail)
  return consumer
}

const run = async (consumer: Consumer, options: GroupConsumerOptions): Promise<void> => {
  await consumer.connect()
  await repeatWhileBeingMade(() => consumer.subscribe({ topics: [options.topic], fromBeginning: true }))
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async (payload) => {
      // KafkaJS would try a batch that threw again and again; what fails here fails for good.
      await handleBatch(consumer, options, payload).catch(options.outcome.fail)
    },
  })
}

const handleBatch = async (
  consumer: Consumer,
  { topic, partitions, outcome, append, onMoved, logger }: GroupConsumerOptions,
  payload: EachBatchPayload,
): Promise<void> => {
  if (outcome.signal.aborted || payload.isStale()) return
  const { batch } = payload
  const { partition, messages } = batch
  const verdict = partitions.judge(partition, { firstOffset: batch.firstOffset(), firstRecord: messages[0] })
  if (!verdict.take) {
    const { offset, reason } = verdict
    logger.warn({ topic, partition, offset }, `${topic}/${partition}/${offset}: reading again: ${reason}`)
    consumer.seek({ topic, partition, offset: String(offset) })
    return
  }
  await append({
    partition,
    records: messages,
    lastOffset: batch.lastOffset(),
    heartbeat: () => payload.heartbeat(),
  })
  // With the last visible record KafkaJS resolves the control records behind it, too.
  payload.resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset())
  onMoved()
}

const listen = (consumer: Consumer, options: GroupConsumerOptions): void => {
  const { topic, logger, partitions, outcome, onMoved, onJoined } = options
  const guarded = (action: () => void): void => {
    try {
      action()
    } catch (error) {
      outcome.fail(error)
    }
  }
  // KafkaJS calls this before the first fetch of every generation (ConsumerGroup.joinAndSync), so that no offset that
  // Kafka has stored is ever read from.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
    guarded(() => {
      const assigned = payload.memberAssignment[topic] ?? []
      for (const partition of assigned) {
        consumer.seek({ topic, partition, offset: String(partitions.join(partition)) })
      }
      logger.info({ topic, partitions: assigned }, 'joined the group')
      onJoined()
    }),
  )
  // Batches without a visible record, such as a commit marker alone, come to no handler (KafkaJS pull request 1256).
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) =>
    guarded(() => {
      if (payload.batchSize > 0 || payload.topic !== topic || outcome.signal.aborted) return
      const { partition, firstOffset, lastOffset } = payload
      const verdict = partitions.judge(partition, { firstOffset, firstRecord: undefined })
      if (verdict.take) {
        const position = partitions.positionOf(partition)
        partitions.advance(partition, { ...position, next: Math.max(position.next, Number(lastOffset) + 1) })
        onMoved()
      } else consumer.seek({ topic, partition, offset: String(verdict.offset) })
    }),
  )
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart) logger.warn(`the consumer starts again after: ${payload.error.message}`)
    else outcome.fail(payload.error)
  })
}

/** Commits what is safe on disk, for whoever looks at the group's lag: the reader itself never reads it. */
export const commitPositions = async (
  consumer: Consumer,
  topic: string,
  partitions: ReadonlyMap<number, PartitionPosition>,
): Promise<void> => {
  const offsets = [...partitions].map(([partition, { next }]) => ({ topic, partition, offset: String(next) }))
  if (offsets.length > 0) await consumer.commitOffsets(offsets)
}
