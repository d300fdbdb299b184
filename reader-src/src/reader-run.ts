import { messageOf } from '@kafka-etl/common'
import type { KafkaAdmin, RecordSource } from '@kafka-etl/kafka'
import { createAppendBatch } from './append-batch.js'
import type { FullDisk } from './file/full-disk.js'
import type { ResultsFile } from './file/results-file.js'
import type { ReaderHealth } from './health.js'
import { createLogSummary } from './log-summary.js'
import type { ReaderMetrics } from './metrics.js'
import { createProgressBar } from './progress-bar.js'
import type { ReaderContext } from './reader-context.js'
import { openReaderLoop } from './reader-loop.js'
import type { RunOutcome } from './run-outcome.js'
import { createPartitions, type Partitions } from './topic/partitions.js'
import { readStartBacklog, type StartBacklog } from './topic/start-backlog.js'
import { identifyTopic, type TopicIdentity } from './topic/topic-identity.js'
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
export const runReader = async (options: ReaderRunOptions): Promise<void> => {
  const { context, results, outcome } = options
  const { kafka, clock, logger, settings } = context
  const { outputTopic: topic } = settings
  const admin = await kafka.connectAdmin()
  try {
    const identity = await identifyTopic(admin, topic, results.positions().topicId)
    await identity.confirm()
    const partitions = createPartitions(topic, results.positions().partitions)
    const backlog = await readStartBacklog(admin, topic, partitions, { clock, logger, signal: outcome.signal })
    if (identity.topicId !== undefined) await results.keepTopicId(identity.topicId)
    if (!settings.follow && backlog.isRead()) return
    await follow(options, { admin, identity, partitions, backlog })
  } finally {
    await Promise.race([admin.close().catch(() => undefined), clock.sleep(longestGoodbyeMs)])
  }
}

type Followed = {
  readonly admin: KafkaAdmin
  readonly identity: TopicIdentity
  readonly partitions: Partitions
  readonly backlog: StartBacklog
}

const follow = async (options: ReaderRunOptions, followed: Followed): Promise<void> => {
  const { context, results, fullDisk, health, metrics, outcome } = options
  const { kafka, clock, logger, settings, crashPoint } = context
  const { admin, identity, partitions } = followed
  const { outputTopic: topic, spreadsheetSafe } = settings
  const { groupId, rows } = results.positions()
  const logSummary = createLogSummary({ logger, monotonicMs: clock.monotonicMs, topic, rowsAtStart: rows })
  const csv = { spreadsheetSafe }
  let source: RecordSource | undefined
  const opening = openReaderLoop({
    kafka,
    topic,
    groupId,
    memberId: await findFormerMember(admin, groupId),
    logger,
    clock,
    identity,
    partitions,
    outcome,
    append: createAppendBatch({ results, fullDisk, partitions, health, metrics, logSummary, csv }),
    onMoved: settings.follow ? () => undefined : finishWithBacklog(options, followed.backlog),
    onJoined: () => {
      metrics.rebalances.inc()
      health.isJoined = true
    },
  }).then((opened) => (source = opened))
  opening.catch(outcome.fail)
  const saveMoved = async (): Promise<void> => {
    const moved = partitions.positions()
    if (await identity.confirm()) await results.advance(moved)
  }
  const commit = async (): Promise<void> => {
    const saved = [...results.positions().partitions]
    if (saved.length === 0 || !source) return
    crashPoint('reader.beforeKafkaCommit')
    const offsets = saved.map(([partition, { next }]) => ({ topic, partition, offset: BigInt(next) }))
    await source
      .commit(offsets)
      .catch((error: unknown) => logger.debug(`the advisory commit failed: ${messageOf(error)}`))
  }
  const watch = createWatchdog({ ...options, ...followed, logSummary, saveMoved, commit })
  void watch(outcome.signal).catch(outcome.fail)
  try {
    await outcome.settled
    // A disk that is full takes no positions either: they are found again.
    const saved = fullDisk.isPaused() ? Promise.resolve() : saveMoved()
    await Promise.race([saved.then(commit), clock.sleep(longestGoodbyeMs)])
  } finally {
    await Promise.race([opening.then((opened) => opened.close()).catch(() => undefined), clock.sleep(longestGoodbyeMs)])
  }
}

/**
 * The group belongs to this file alone, and its lock is held: any member that it still has is this reader before it was
 * killed. Coming back as that member, it need not wait until the broker has missed it for the session timeout.
 */
const findFormerMember = async (admin: KafkaAdmin, groupId: string): Promise<string | undefined> =>
  (await admin.describeGroup(groupId)).members[0]?.memberId

/** Shows how much of the backlog is read, and finishes the run when all of it is. */
const finishWithBacklog = ({ context, results, outcome }: ReaderRunOptions, backlog: StartBacklog): (() => void) => {
  const bar = createProgressBar(context.output, backlog.total)
  return () => {
    bar.update(backlog.done())
    if (!backlog.isRead()) return
    bar.stop()
    context.logger.info({ rows: results.positions().rows }, 'all that was committed at the start is in results.csv')
    outcome.finish()
  }
}
