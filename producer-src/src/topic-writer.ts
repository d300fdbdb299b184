import { messageOf, retry, withDeadline, type Clock, type Logger } from '@kafka-etl/common'
import {
  describeSinkFailure,
  isOffsetPending,
  type Kafka,
  type PartitionWrite,
  type TransactionalSink,
} from '@kafka-etl/kafka'
import { formatPositionMetadata, parsePosition, type TopicPosition } from './stream-position.js'

/** The only writer of the stream's records in one topic, until another one takes over. */
export type TopicWriter = {
  /** The position of the stream when this writer took over. */
  readonly position: TopicPosition | undefined
  /**
   * Writes the records and the position together, or neither. Rejects if the outcome is unknown after the stall time,
   * or if another producer has taken over; do not use the writer after that.
   */
  readonly write: (encode: () => readonly PartitionWrite[], position: TopicPosition) => Promise<void>
  /** For how long the current write has been running; 0 if there is none. */
  readonly writingForMs: () => number
  readonly close: () => Promise<void>
}

export type TopicWriterOptions = {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  /** The transactional id of the pipeline's stream in this topic. */
  readonly transactionalId: string
  readonly groupId: string
  readonly topic: string
  readonly stallMs: number
}

/**
 * The coordinator aborts a transaction that is open for longer. A killed producer holds back the readers of its topic
 * no longer than this, and a live one gives up after three quarters of it.
 */
const transactionTimeoutMs = 20_000

const retryPauseMs = 500

/**
 * Takes over as the topic's writer. Its transactional id fences the previous writer and settles what that one left
 * open; only then does it read the position. Nothing that a former writer sends later can change the position (KIP-98).
 */
export const openTopicWriter = async (options: TopicWriterOptions): Promise<TopicWriter> => {
  const { clock, logger, groupId, topic, stallMs } = options
  let { sink, committed } = await takeOver(options)
  let known = committed.position
  let startedMs: number | undefined
  let isBroken = false

  const writeOnce = async (
    encode: () => readonly PartitionWrite[],
    position: TopicPosition,
    deadlineMs: number,
  ): Promise<void> => {
    if (isBroken) {
      ;({ sink, committed } = await takeOver(options))
      isBroken = false
      const { position: found } = committed
      // The previous attempt was committed after all.
      if (found?.next === position.next) return
      if (found?.next !== known?.next) throw explainMoved(topic, known, found)
    }
    const { topicId } = committed
    const content = {
      writes: encode(),
      position: {
        groupId,
        topic,
        partition: 0,
        nextOffset: BigInt(position.next),
        metadata: formatPositionMetadata(position, topicId),
      },
    }
    const expected = `an acknowledgement of ${topic} (PRODUCER_STALL_SECONDS)`
    try {
      await withDeadline(sink.commit(content), deadlineMs - clock.monotonicMs(), expected)
    } catch (error) {
      isBroken = true
      sink.discard()
      throw error
    }
  }

  return {
    position: committed.position,
    write: async (encode, position) => {
      const beganMs = clock.monotonicMs()
      startedMs = beganMs
      const policy = {
        firstPauseMs: retryPauseMs,
        longestPauseMs: retryPauseMs,
        timeoutMs: stallMs,
        isRetriable: (error: unknown) => !(error instanceof MovedError) && describeSinkFailure(error) === 'unsettled',
        onRetry: (error: unknown) =>
          logger.warn({ topic, cause: messageOf(error) }, `${topic}: sending failed, retrying: ${messageOf(error)}`),
      }
      await retry(() => writeOnce(encode, position, beganMs + stallMs), policy, clock).catch((error: unknown) => {
        throw describeSinkFailure(error) === 'fenced' ? explainFenced(options, error) : error
      })
      known = position
      startedMs = undefined
    },
    writingForMs: () => (startedMs === undefined ? 0 : clock.monotonicMs() - startedMs),
    close: () => sink.close(),
  }
}

/** Explains why the producer stops: a retry would write records a second time. */
const explainMoved = (topic: string, known: TopicPosition | undefined, found: TopicPosition | undefined): Error =>
  new MovedError(
    `expected the stream to be at record ${known?.next ?? 0} of ${topic}, got ${found?.next ?? 'none'}: another producer has taken over, or the topic was recreated`,
  )

class MovedError extends Error {}

const explainFenced = ({ topic, transactionalId }: TopicWriterOptions, cause: unknown): Error =>
  new Error(
    `expected to be the only producer of ${topic}, but another has taken over the stream (transactional id ${transactionalId}), or this one was paused for longer than ${transactionTimeoutMs / 1000} s`,
    { cause },
  )

type Committed = { readonly topicId: string | undefined; readonly position: TopicPosition | undefined }

const takeOver = async (
  options: TopicWriterOptions,
): Promise<{ readonly sink: TransactionalSink; readonly committed: Committed }> => {
  const { kafka, transactionalId } = options
  const sink = await kafka.openTransactionalSink({ transactionalId, timeoutMs: transactionTimeoutMs })
  try {
    return { sink, committed: await readCommitted(options) }
  } catch (error) {
    sink.discard()
    throw error
  }
}

const readCommitted = async ({ kafka, clock, groupId, topic }: TopicWriterOptions): Promise<Committed> => {
  const admin = await kafka.connectAdmin()
  try {
    const topicId = (await admin.readTopicIds([topic])).get(topic)
    // The offset of a transaction that has ended reaches the group a moment later (KIP-447).
    const policy = { firstPauseMs: 5, longestPauseMs: 100, timeoutMs: 10_000, isRetriable: isOffsetPending }
    const ask = () => admin.readCommittedOffsets({ groupId, topics: [topic], requireStable: true })
    const offsets = await retry(ask, policy, clock)
    const ofTopic = offsets.find((offset) => offset.topic === topic && offset.partition === 0)
    if (!ofTopic) throw new Error(`expected the position of ${groupId} in ${topic}, got an answer without it`)
    return { topicId, position: parsePosition(ofTopic, topicId) }
  } finally {
    await admin.close()
  }
}
