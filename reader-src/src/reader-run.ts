import { messageOf } from '@kafka-etl/common'
import type { Admin, Consumer } from 'kafkajs'
import { createAppendBatch } from './append-batch.js'
import type { FullDisk } from './file/full-disk.js'
import type { ResultsFile } from './file/results-file.js'
import { commitPositions, startGroupConsumer } from './group-consumer.js'
import type { ReaderHealth } from './health.js'
import { createLogSummary } from './log-summary.js'
import type { ReaderMetrics } from './metrics.js'
import { createProgressBar } from './progress-bar.js'
import type { ReaderContext } from './reader-context.js'
import type { RunOutcome } from './run-outcome.js'
import { createPartitions } from './topic/partitions.js'
import { readStartBacklog, type StartBacklog } from './topic/start-backlog.js'
import { createWatchdog } from './watchdog.js'

export type ReaderRunOptions = {
  readonly context: ReaderContext
  readonly results: ResultsFile
  readonly fullDisk: FullDisk
  readonly health: ReaderHealth
  readonly metrics: ReaderMetrics
  readonly outcome: RunOutcome
}

/** KafkaJS may wait for a dead broker far longer than a stop may take; the process ends its connections anyway. */
const longestGoodbyeMs = 3_000

/**
 * Brings rows from the topic into the file until it is asked to stop or, without READER_FOLLOW, until all that was
 * committed at its start is in the file.
 */
export const runReader = async ({
  context,
  results,
  fullDisk,
  health,
  metrics,
  outcome,
}: ReaderRunOptions): Promise<void> => {
  const { kafkajs: kafka, clock, logger, settings, crashPoint } = context
  const { outputTopic: topic, spreadsheetSafe } = settings
  const { groupId, partitions: start, rows } = results.positions()
  const admin = kafka.admin()
  const consumers: Consumer[] = []
  const leave = async (): Promise<void> => {
    await Promise.allSettled(consumers.map((consumer) => consumer.disconnect()))
    await admin.disconnect().catch(() => undefined)
  }
  try {
    await admin.connect()
    const partitions = createPartitions(topic, start)
    const backlog = await readStartBacklog(admin, topic, partitions, { clock, signal: outcome.signal })
    if (!settings.follow && backlog.isRead()) return
    const logSummary = createLogSummary({ logger, monotonicMs: clock.monotonicMs, topic, rowsAtStart: rows })
    const csv = { spreadsheetSafe }
    const consumer = startGroupConsumer({
      kafka,
      topic,
      groupId,
      memberId: await findFormerMember(admin, groupId),
      logger,
      partitions,
      outcome,
      append: createAppendBatch({ results, fullDisk, partitions, health, metrics, logSummary, csv }),
      onMoved: settings.follow ? () => undefined : finishWithBacklog(context, { backlog, results, outcome }),
      onJoined: () => {
        metrics.rebalances.inc()
        health.isJoined = true
      },
    })
    consumers.push(consumer)
    const commit = async (): Promise<void> => {
      crashPoint('reader.beforeKafkaCommit')
      await commitPositions(consumer, topic, results.positions().partitions).catch((error: unknown) =>
        logger.debug(`the advisory commit failed: ${messageOf(error)}`),
      )
    }
    const watch = createWatchdog({
      context,
      admin,
      partitions,
      backlog,
      results,
      fullDisk,
      health,
      metrics,
      logSummary,
      commit,
    })
    void watch(outcome.signal).catch(outcome.fail)
    await outcome.settled
    await results.advance(partitions.positions())
    await Promise.race([commit(), clock.sleep(longestGoodbyeMs)])
  } finally {
    await Promise.race([leave(), clock.sleep(longestGoodbyeMs)])
  }
}

/**
 * The group belongs to this file alone, and its lock is held: any member that it still has is this reader before it was
 * killed. Coming back as that member, it need not wait until the broker has missed it for the session timeout.
 */
const findFormerMember = async (admin: Admin, groupId: string): Promise<string | undefined> => {
  const { groups } = await admin.describeGroups([groupId])
  return groups[0]?.members[0]?.memberId
}

type BacklogRun = {
  readonly backlog: StartBacklog
  readonly results: ResultsFile
  readonly outcome: RunOutcome
}

/** Shows how much of the backlog is read, and finishes the run when all of it is. */
const finishWithBacklog = (
  { output, logger }: ReaderContext,
  { backlog, results, outcome }: BacklogRun,
): (() => void) => {
  const bar = createProgressBar(output, backlog.total)
  return () => {
    bar.update(backlog.done())
    if (!backlog.isRead()) return
    bar.stop()
    logger.info({ rows: results.positions().rows }, 'all that was committed at the start is in results.csv')
    outcome.finish()
  }
}
