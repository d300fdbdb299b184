import { messageOf } from '@kafka-etl/common'
import type { KafkaAdmin, RecordSource } from '@kafka-etl/kafka'
import { createAppendBatch } from './append-batch.js'
import { createLogSummary } from './log-summary.js'
import { createProgressBar, noProgressBar } from './progress-bar.js'
import { openReaderLoop } from './reader-loop.js'
import type { ResultContext } from './result-context.js'
import { createAppendRow } from './rows/append-row.js'
import { awaitTopic } from './topic/awaited-topic.js'
import { readLongestValueBytes } from './topic/longest-value.js'
import { createPartitions, type Partitions } from './topic/partitions.js'
import { readStartBacklog, type StartBacklog } from './topic/start-backlog.js'
import { identifyTopic, type TopicIdentity } from './topic/topic-identity.js'
import { createWatchdog } from './watchdog.js'

/**
 * KafkaJS may wait for a dead broker far longer than a stop may take. When the process ends, its connections end
 * anyway.
 */
const longestGoodbyeMs = 3_000

/**
 * Appends rows from a result's topic to its file until it is asked to stop or, without READER_FOLLOW, until everything
 * that was committed at its start is in the file.
 */
export const runResult = async (result: ResultContext, admin: KafkaAdmin): Promise<void> => {
  const { context, plan, results, outcome } = result
  const { clock, logger, settings } = context
  if (!(await findTopic(result, admin))) return
  const identity = await identifyTopic(admin, plan, results.positions().topicId)
  await identity.confirm()
  const partitions = createPartitions(plan, results.positions().partitions)
  const backlog = await readStartBacklog(admin, plan, partitions, { clock, logger, signal: outcome.signal })
  if (identity.topicId !== undefined) await results.keepTopicId(identity.topicId)
  if (!settings.follow && backlog.isRead()) return
  await follow(result, { admin, identity, partitions, backlog })
}

/** Whether the topic exists. A reader that does not follow does not wait for it: nothing is committed there. */
const findTopic = async ({ context, plan, health, outcome }: ResultContext, admin: KafkaAdmin): Promise<boolean> => {
  const { clock, logger, settings } = context
  if (!settings.follow) {
    const isThere = (await admin.readPartitionCounts([plan.topic])).has(plan.topic)
    if (!isThere) logger.warn({ topic: plan.topic }, `${plan.topic} does not exist: ${plan.files.path} gets no rows`)
    return isThere
  }
  const isThere = await awaitTopic(plan, {
    ...{ admin, clock, logger, stopping: outcome.signal, longestSilenceMs: settings.kafkaWaitSeconds * 1000 },
    onMissing: () => (health.isTopicMissing = true),
  })
  health.isTopicMissing = false
  return isThere
}

type Followed = {
  readonly admin: KafkaAdmin
  readonly identity: TopicIdentity
  readonly partitions: Partitions
  readonly backlog: StartBacklog
}

const follow = async (result: ResultContext, followed: Followed): Promise<void> => {
  const { context, plan, results, fullDisk, health, metrics, outcome } = result
  const { kafka, clock, logger, settings, crashPoint } = context
  const { admin, identity, partitions } = followed
  const { topic } = plan
  const { groupId, rows } = results.positions()
  const logSummary = createLogSummary({ logger, monotonicMs: clock.monotonicMs, result: plan, rowsAtStart: rows })
  const connected = await context.connectPlan(plan, outcome.signal)
  const appendRow = createAppendRow(connected.plan, settings)
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
    longestValueBytes: await readLongestValueBytes(admin, topic),
    append: createAppendBatch({
      results,
      fullDisk,
      partitions,
      health,
      metrics,
      logSummary,
      appendRow,
      prepare: connected.prepare,
    }),
    onMoved: settings.follow ? () => undefined : finishWithBacklog(result, followed.backlog),
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
  const watch = createWatchdog({ ...result, ...followed, logSummary, saveMoved, commit })
  void watch(outcome.signal).catch(outcome.fail)
  try {
    await outcome.settled
    // A full disk accepts no positions either; they are found again.
    const saved = fullDisk.isPaused() ? Promise.resolve() : saveMoved()
    await Promise.race([saved.then(commit), clock.sleep(longestGoodbyeMs)])
  } finally {
    await Promise.race([opening.then((opened) => opened.close()).catch(() => undefined), clock.sleep(longestGoodbyeMs)])
  }
}

/**
 * Only this file uses the group, and the reader holds its lock: any remaining member is this reader before it was
 * killed. If it rejoins as that member, it need not wait for the session timeout.
 */
const findFormerMember = async (admin: KafkaAdmin, groupId: string): Promise<string | undefined> =>
  (await admin.describeGroup(groupId)).members[0]?.memberId

/** Shows how much of the backlog is read, and finishes the run when all of it is. */
const finishWithBacklog = ({ context, plan, results, outcome }: ResultContext, backlog: StartBacklog): (() => void) => {
  // Several bars would overwrite each other.
  const bar = context.plans.length === 1 ? createProgressBar(context.output, backlog.total) : noProgressBar
  return () => {
    bar.update(backlog.done())
    if (!backlog.isRead()) return
    bar.stop()
    context.logger.info(
      { rows: results.positions().rows },
      `everything that was committed at the start is in ${plan.files.path}`,
    )
    outcome.finish()
  }
}
