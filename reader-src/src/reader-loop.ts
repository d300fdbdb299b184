import type { Clock, Logger } from '@kafka-etl/common'
import type { Assignment, Delivery, Kafka, PassedOver, Position, RecordChunk, RecordSource } from '@kafka-etl/kafka'
import { checksum, type LastRecord } from './file/file-positions.js'
import type { RecordStretch } from './rows/batch-rows.js'
import type { RunOutcome } from './run-outcome.js'
import type { Partitions } from './topic/partitions.js'
import type { TopicIdentity } from './topic/topic-identity.js'

export type ReaderLoopOptions = {
  readonly kafka: Kafka
  readonly topic: string
  readonly groupId: string
  /** The member id to rejoin with, if this group still has one. */
  readonly memberId: string | undefined
  readonly logger: Logger
  readonly clock: Clock
  readonly identity: TopicIdentity
  readonly partitions: Partitions
  readonly outcome: RunOutcome
  /** A compressed record that is larger than a chunk is cut to this many bytes of its value. */
  readonly longestValueBytes: number
  /** Appends the rows of a stretch and moves its partition on. Nothing is read meanwhile. */
  readonly append: (stretch: FetchedStretch) => Promise<void>
  /** Called after each move of a partition, even if it only skipped control records. */
  readonly onMoved: () => void
  readonly onJoined: () => void
}

export type FetchedStretch = RecordStretch & {
  readonly partition: number
  readonly heartbeat: () => Promise<void>
}

const unansweredPauseMs = 200

/** Joins the file's group, but takes the positions only from the file. A final error ends the run. */
export const openReaderLoop = (options: ReaderLoopOptions): Promise<RecordSource> => {
  const { kafka, groupId, memberId, topic, logger, outcome } = options
  // KafkaJS would fetch a rejected batch again and again; here, a failure is final.
  const orFail = (action: () => void): void => {
    try {
      action()
    } catch (error) {
      outcome.fail(error)
    }
  }
  return kafka.openSource({
    groupId,
    memberId,
    topics: [topic],
    rebalanceTimeoutMs: 10_000,
    heartbeatIntervalMs: 1_500,
    partitionsAtOnce: 1,
    maxBytesPerPartition: 2 << 20,
    maxBytes: 4 << 20,
    stopping: outcome.signal,
    onJoined: (assignment, seek) => orFail(() => seekToFile(options, assignment, seek)),
    onPassedOver: (passed, seek) => orFail(() => passOver(options, passed, seek)),
    onDelivery: (delivery) => handleDelivery(options, delivery).catch(outcome.fail),
    onRestarting: (error) => logger.warn(`restarting the consumer after: ${error.message}`),
    onCrashed: outcome.fail,
  })
}

const seekToFile = (
  { topic, partitions, logger, onJoined }: ReaderLoopOptions,
  assignment: Assignment,
  seek: (position: Position) => void,
): void => {
  const assigned = assignment[topic] ?? []
  for (const partition of assigned) seek({ topic, partition, offset: BigInt(partitions.join(partition)) })
  logger.info({ topic, partitions: assigned }, 'joined the group')
  onJoined()
}

const passOver = (
  { topic, partitions, outcome, onMoved }: ReaderLoopOptions,
  { partition, firstOffset, lastOffset }: PassedOver,
  seek: (position: Position) => void,
): void => {
  if (outcome.signal.aborted) return
  const verdict = partitions.passOver(partition, Number(firstOffset), Number(lastOffset))
  if (verdict.take) onMoved()
  else seek({ topic, partition, offset: BigInt(verdict.offset) })
}

const handleDelivery = async (options: ReaderLoopOptions, delivery: Delivery): Promise<void> => {
  const { topic, partitions, identity, clock, logger, outcome, longestValueBytes, append, onMoved } = options
  const { batch, heartbeat } = delivery
  const { partition } = batch
  const isOver = (): boolean => outcome.signal.aborted || delivery.isStale()
  if (isOver()) return
  if (!(await identity.confirm())) {
    await clock.sleep(unansweredPauseMs, outcome.signal)
    delivery.seek(batch.fetchedOffset)
    return
  }
  let isFirst = true
  for await (const chunk of batch.chunks(longestValueBytes)) {
    if (isFirst) {
      const firstRecord = partitions.expectsRecord(partition) ? firstRecordOf(chunk) : undefined
      const verdict = partitions.judge(partition, { fetchedOffset: Number(batch.fetchedOffset), firstRecord })
      if (!verdict.take) {
        const { offset, reason } = verdict
        logger.warn({ topic, partition, offset }, `${topic}/${partition}/${offset}: reading again: ${reason}`)
        delivery.seek(BigInt(offset))
        return
      }
    }
    isFirst = false
    await append({ partition, records: chunk.records, nextOffset: Number(chunk.nextOffset), heartbeat })
    delivery.advance(chunk.nextOffset)
    onMoved()
    if (isOver()) return
  }
}

const firstRecordOf = ({ records }: RecordChunk): LastRecord | undefined => {
  let first: LastRecord | undefined
  records.forEach(({ offsetNumber, value }) => {
    first ??= { offset: offsetNumber, crc32: checksum(value) }
  })
  return first
}
