import type { Admin, Consumer } from 'kafkajs'
import { createBatchWriter, keepPositions } from './batch-writer.js'
import { startConsumption } from './consumption.js'
import type { Ending } from './ending.js'
import { readGoal, type Goal } from './goal.js'
import type { ReaderHealth } from './health.js'
import type { ReaderMetrics } from './metrics.js'
import { createPartitions, type Partitions } from './partitions.js'
import { createProgressBar } from './progress-bar.js'
import type { ReaderContext } from './reader.js'
import type { ResultsFile } from './results-file.js'
import type { SpaceWait } from './space-wait.js'
import { commitPositions, watch } from './watch.js'

export type TransferOptions = {
  readonly context: ReaderContext
  readonly metrics: ReaderMetrics
  readonly health: ReaderHealth
  readonly ending: Ending
  readonly results: ResultsFile
  readonly spaceWait: SpaceWait
}

/** KafkaJS may wait for a dead broker far longer than a stop may take; the process ends its connections anyway. */
const longestGoodbyeMs = 3_000

/**
 * Brings rows from the topic into the file until it is told to stop or, without follow, until all that was committed
 * at its start is in the file.
 */
export const transfer = async (options: TransferOptions): Promise<void> => {
  const { context, ending, results } = options
  const { kafkajs: kafka, clock, settings } = context
  const admin = kafka.admin()
  const partitions = createPartitions(settings.outputTopic, results.positions().partitions)
  const consumers: Consumer[] = []
  const leave = async (): Promise<void> => {
    await Promise.allSettled(consumers.map((consumer) => consumer.disconnect()))
    await admin.disconnect().catch(() => undefined)
  }
  try {
    await admin.connect()
    const goal = await readGoal(admin, settings.outputTopic, partitions, { clock, signal: ending.signal })
    if (!settings.follow && goal.isReached()) return
    const memberId = await findFormerMember(admin, results.positions().groupId)
    const consumer = consume(options, partitions, goal, memberId)
    consumers.push(consumer)
    void watch({ ...options, admin, consumer, partitions, goal }).catch(ending.fail)
    await ending.reached
    await keepPositions(options, partitions)
    await Promise.race([commitPositions(options, consumer), clock.sleep(longestGoodbyeMs)])
  } finally {
    await Promise.race([leave(), clock.sleep(longestGoodbyeMs)])
  }
}

/**
 * The group is this file's alone, and the lock is held: whoever is still in it is this reader before it was killed.
 * Coming back as that member, it need not wait until the broker has missed it for the session's timeout.
 */
const findFormerMember = async (admin: Admin, groupId: string): Promise<string | undefined> => {
  const { groups } = await admin.describeGroups([groupId])
  return groups[0]?.members[0]?.memberId
}

const consume = (
  options: TransferOptions,
  partitions: Partitions,
  goal: Goal,
  memberId: string | undefined,
): Consumer => {
  const { context, metrics, health, ending, results } = options
  const { kafkajs: kafka, logger, settings, output } = context
  const bar = createProgressBar(output, settings.follow ? 0 : goal.total)
  return startConsumption({
    kafka,
    topic: settings.outputTopic,
    groupId: results.positions().groupId,
    memberId,
    logger,
    partitions,
    ending,
    write: createBatchWriter(options, partitions),
    onMoved: () => {
      if (settings.follow) return
      bar.update(goal.done())
      if (!goal.isReached()) return
      bar.stop()
      logger.info({ rows: results.positions().rows }, 'all that was committed at the start is in results.csv')
      ending.finish()
    },
    onJoined: () => {
      metrics.rebalances.inc()
      health.isJoined = true
    },
  })
}
