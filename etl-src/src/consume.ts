import { messageOf, SettingsError, withDeadline } from '@kafka-etl/common'
import { explainKafkaError, findFormerMember } from '@kafka-etl/kafka'
import type { Consumer } from 'kafkajs'
import type { ConvertedBatch } from './convert-batch.js'
import { taskOf } from './create-task.js'
import { startGroupConsumer, type Delivery } from './group-consumer.js'
import { withHeartbeats } from './heartbeats.js'
import type { Run } from './run.js'
import { watch } from './watch.js'

// Within the 10 s that a service has to stop.
const closeDeadlineMs = 7_000

/** Consumes the input topics until `stopping` is aborted; rejects when the consumer has crashed or makes no progress. */
export const consume = async (run: Run, stopping: AbortSignal): Promise<void> => {
  const { context, progress, metrics } = run
  const { kafkajs: kafka, settings, clock, logger } = context
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  const consumer = await startGroupConsumer({
    kafka,
    memberId: await findFormerMember(run.admin, settings.groupId, context.clientId),
    groupId: settings.groupId,
    topics: settings.inputs.map(({ topic }) => topic),
    onBatch: (delivery) => handleDelivery(run, delivery),
    onJoined: (assignment) => {
      run.generation++
      metrics.joined()
      logger.info({ assignment }, 'joined the consumer group')
      const partitions = Object.entries(assignment).flatMap(([topic, list]) =>
        list.map((partition) => ({ topic, partition })),
      )
      progress.assigned(partitions, clock.monotonicMs())
    },
    onPassedOver: (topic, partition, first, last) => {
      run.tasks.get(`${topic}/${partition}`)?.passOver(first, last)
      progress.moved(topic, partition, last + 1n, clock.monotonicMs())
    },
    onCrashed: fail,
  })
  try {
    await Promise.race([watch(run, stopping), failed])
  } finally {
    await closeAll(run, consumer)
  }
}

/** Lets the open transactions end and leaves the group; a broker that does not answer is not waited for. */
const closeAll = async (run: Run, consumer: Consumer): Promise<void> => {
  const close = async (): Promise<void> => {
    await consumer.disconnect()
    await Promise.all([...run.tasks.values()].map((task) => task.close()))
  }
  try {
    await withDeadline(close(), closeDeadlineMs, 'the open transactions to end')
  } catch (error) {
    run.context.logger.warn(`dropped what was open, to be done again at the next start: ${messageOf(error)}`)
  }
}

const handleDelivery = async (run: Run, delivery: Delivery): Promise<void> => {
  const { context, progress, metrics, activity } = run
  const { topic, partition, batch } = delivery
  const task = taskOf(run, topic, partition)
  const { generation } = run
  try {
    const result = await withHeartbeats(delivery.heartbeat, () => task.handle(batch, generation))
    // The group has met again: the consumer's position is a new one now, and no business of this batch.
    const isCurrent = generation === run.generation
    if (result.kind === 'seek') {
      if (isCurrent) delivery.seek(result.offset)
      return
    }
    context.crashPoint('etl.beforeResolve')
    if (isCurrent) delivery.resolve()
    progress.moved(
      topic,
      partition,
      batch.lastOffset + 1n,
      context.clock.monotonicMs(),
      result.converted.lastTimestampMs,
    )
    metrics.committed(topic, result.converted, result.seconds, context.clock.epochMs())
    activity.add(topic, partition, result.converted)
    giveBack(run, result.converted)
  } catch (error) {
    metrics.transactionFailed(topic)
    const offset = batch.fetchedOffset.toString()
    context.logger.warn(
      { topic, partition, offset },
      `${topic}/${partition}/${offset}: gave up a transaction, will start over from the committed offset: ${messageOf(error)}`,
    )
    throw toRepeatable(error)
  }
}

/**
 * Only what is committed, since after a failure a request that was given up may still be reading its bytes; and last,
 * since the metrics read the outputs.
 */
const giveBack = ({ memory }: Run, { outputs, deadLetters }: ConvertedBatch): void => {
  for (const run of [...outputs, ...deadLetters]) memory.giveBack(run.memory)
}

/**
 * KafkaJS ends a consumer at an error that it takes for final, such as that of a fenced producer. Here none is final but
 * those that no repetition mends: the next writer starts from the committed offset, and the watch sees when that does
 * not help.
 */
const toRepeatable = (error: unknown): unknown => {
  const isOfKafka = error instanceof Error && error.name.startsWith('KafkaJS')
  if (!isOfKafka || explainKafkaError(error) instanceof SettingsError) return error
  return new Error(error.message, { cause: error })
}
