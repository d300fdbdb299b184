import { messageOf, SettingsError, withDeadline } from '@kafka-etl/common'
import { explainKafkaError, type Assignment, type Delivery, type RecordSource } from '@kafka-etl/kafka'
import type { EtlContext } from './etl-context.js'
import type { EtlHealth } from './health.js'
import type { StartPosition } from './judge-position.js'
import type { LogSummary } from './log-summary.js'
import type { EtlMetrics } from './metrics.js'
import type { Turn } from './partition-task.js'
import type { PartitionTasks } from './partition-tasks.js'
import { StepTimeoutError } from './step-watchdog.js'

export type EtlLoopOptions = {
  readonly context: EtlContext
  /** The member id to rejoin with, if it is known. */
  readonly memberId: string | undefined
  /** The topics with steps. */
  readonly topics: readonly string[]
  /** Where partitions continue, as read before the group was joined. */
  readonly starts: readonly StartPosition[]
  readonly tasks: PartitionTasks
  readonly health: EtlHealth
  readonly metrics: EtlMetrics
  readonly summary: LogSummary
}

export type EtlLoop = {
  /** Rejects if the consumer has ended and does not restart by itself. */
  readonly failed: Promise<never>
  /** Lets the open transactions end and leaves the group. Does not wait for a broker that does not respond. */
  readonly close: () => Promise<void>
}

// Fits into the 10 s that a service has to stop.
const closeDeadlineMs = 7_000

/** Consumes the input topics. Passes each batch to its partition's task, and moves the consumer after the commits. */
export const startEtlLoop = async (options: EtlLoopOptions, stopping: AbortSignal): Promise<EtlLoop> => {
  const { context, topics, tasks, health, metrics, memberId, starts } = options
  const { kafka, settings, clock, logger } = context
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  // It may reject before anything awaits it.
  failed.catch(() => undefined)
  let generation = 0
  /** What a task may do with a batch or a stretch that was just fetched. After a rebalance, it moves no position. */
  const turnOf = (topic: string, partition: number, moves: Pick<Delivery, 'advance' | 'seek'>): Turn => {
    const joined = generation
    const isCurrent = (): boolean => joined === generation
    return {
      generation,
      isCurrent: () => isCurrent() && !stopping.aborted,
      onElsewhere: (position) => {
        if (isCurrent()) moves.seek(position)
      },
      onCommitted: ({ converted, nextOffset, seconds }) => {
        context.crashPoint('etl.beforeResolve')
        if (isCurrent()) moves.advance(nextOffset)
        health.moved(topic, partition, nextOffset, clock.monotonicMs(), converted.lastTimestampMs)
        metrics.committed(topic, converted, seconds, clock.epochMs())
        options.summary.add(topic, partition, converted)
        converted.release()
      },
      onHeld: (nextOffset, records) => {
        if (isCurrent()) moves.advance(nextOffset)
        // Records that wait for their update to end are read, and do not count as lag.
        health.moved(topic, partition, nextOffset, clock.monotonicMs())
        metrics.held(topic, partition, records)
      },
    }
  }
  /** Commits where a partition begins before its first record comes: a restarted instance must continue there. */
  const beginAtEnds = (assignment: Assignment): void => {
    for (const { kind, topic, partition, offset } of starts) {
      if (kind !== 'new at the end' || !assignment[topic]?.includes(partition)) continue
      const beginning = tasks.of(topic, partition).begin(turnOf(topic, partition, noMoves))
      // The first batch tries again.
      beginning.catch((error: unknown) => noteFailure(options, topic, partition, offset, error))
    }
  }
  const source = await kafka.openSource({
    groupId: settings.groupId,
    memberId,
    topics,
    pipeline: context.pipeline.definition.name,
    ...fetching,
    onJoined: (assignment, seek) => {
      generation++
      // The consumer would begin at the committed offset, which may be beyond the end of a recreated topic.
      if (generation === 1) {
        for (const start of starts) {
          const isElsewhere = start.kind === 'made again' || start.kind === 'new at the end'
          if (isElsewhere && assignment[start.topic]?.includes(start.partition)) seek(start)
        }
      }
      metrics.joined()
      logger.info({ assignment }, 'joined the consumer group')
      tasks.retain(assignment)
      beginAtEnds(assignment)
      const partitions = Object.entries(assignment).flatMap(([topic, list]) =>
        list.map((partition) => ({ topic, partition })),
      )
      health.assigned(partitions, clock.monotonicMs())
    },
    onDelivery: (delivery) => {
      const { topic, partition } = delivery.batch
      return handleDelivery(options, delivery, turnOf(topic, partition, delivery), fail)
    },
    onPassedOver: ({ topic, partition, ...stretch }) => {
      const turn = turnOf(topic, partition, noMoves)
      const passing = tasks.of(topic, partition).passOver(stretch, turn)
      // The next batch starts over from the committed offset.
      passing.catch((error: unknown) => noteFailure(options, topic, partition, stretch.firstOffset, error))
    },
    onCrashed: fail,
  })
  return { failed, close: () => closeAll(source, options) }
}

const noMoves = { advance: () => undefined, seek: () => undefined }

const fetching = {
  heartbeatIntervalMs: 250,
  rebalanceTimeoutMs: 20_000,
  partitionsAtOnce: 64,
  maxBytesPerPartition: 1_048_576,
  maxBytes: 2_097_152,
}

const closeAll = async (source: RecordSource, { context, tasks }: EtlLoopOptions): Promise<void> => {
  const close = async (): Promise<void> => {
    await source.close()
    await tasks.closeAll()
  }
  try {
    await withDeadline(close(), closeDeadlineMs, 'the open transactions to end')
  } catch (error) {
    context.logger.warn(`dropped the open transactions; the next start repeats them: ${messageOf(error)}`)
  }
}

const handleDelivery = async (
  options: EtlLoopOptions,
  { batch, heartbeat }: Delivery,
  turn: Turn,
  fail: (error: Error) => void,
): Promise<void> => {
  const { topic, partition, fetchedOffset } = batch
  try {
    await withHeartbeats(heartbeat, () => options.tasks.of(topic, partition).handle(batch, turn))
  } catch (error) {
    noteFailure(options, topic, partition, fetchedOffset, error)
    // KafkaJS would retry an error that a retry cannot fix.
    if (error instanceof SettingsError || error instanceof StepTimeoutError) fail(error)
    throw toRepeatable(error)
  }
}

const noteFailure = (
  { context, metrics }: EtlLoopOptions,
  topic: string,
  partition: number,
  fetchedOffset: bigint,
  error: unknown,
): void => {
  metrics.transactionFailed(topic)
  const offset = fetchedOffset.toString()
  context.logger.warn(
    { topic, partition, offset },
    `${topic}/${partition}/${offset}: gave up a transaction, will start over from the committed offset: ${messageOf(error)}`,
  )
}

/**
 * KafkaJS ends a consumer on an error that it considers final, such as a fenced producer. Here an error is final only
 * if no retry fixes it: the next writer starts from the committed offset, and the watchdog notices if that does not
 * help.
 */
const toRepeatable = (error: unknown): unknown => {
  const isOfKafka = error instanceof Error && error.name.startsWith('KafkaJS')
  if (!isOfKafka || explainKafkaError(error) instanceof SettingsError) return error
  return new Error(error.message, { cause: error })
}

const heartbeatEveryMs = 1_000

/**
 * Sends heartbeats while `work` runs, because KafkaJS sends them only between batches. A failed heartbeat is no reason
 * to stop: a rebalance waits for the work, and the next owner's init fences a member that was expelled.
 */
const withHeartbeats = async (heartbeat: () => Promise<void>, work: () => Promise<void>): Promise<void> => {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), heartbeatEveryMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}
