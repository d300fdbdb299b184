import { ageOfLag, createSilenceLog, messageOf, SettingsError, withDeadline, type Clock } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { FullDisk } from './file/full-disk.js'
import type { ResultsFile } from './file/results-file.js'
import { advanceStalls, longestStallMs, type PartitionLag, type ResultHealth, type Stalls } from './health.js'
import type { LogSummary } from './log-summary.js'
import type { ResultMetrics } from './metrics.js'
import type { ReaderContext } from './reader-context.js'
import type { ResultPlan } from './result-plan.js'
import { readReadableRanges } from './topic/continuity.js'
import type { Partitions } from './topic/partitions.js'
import type { StartBacklog } from './topic/start-backlog.js'
import type { TopicIdentity } from './topic/topic-identity.js'

export type WatchdogOptions = {
  readonly context: Pick<ReaderContext, 'clock' | 'logger' | 'settings'>
  readonly plan: Pick<ResultPlan, 'topic'>
  readonly admin: KafkaAdmin
  readonly partitions: Partitions
  readonly backlog: StartBacklog
  readonly results: ResultsFile
  readonly fullDisk: FullDisk
  readonly health: ResultHealth
  readonly metrics: ResultMetrics
  readonly logSummary: LogSummary
  /** Saves positions that moved without rows. Rejects if the topic is another one. */
  readonly saveMoved: () => Promise<void>
  readonly identity: TopicIdentity
  /** Commits to Kafka what is safe on disk. Never rejects. */
  readonly commit: () => Promise<void>
}

const checkEveryMs = 1_000
/** After this many checks without a new row, positions that moved only past commit markers are saved, too. */
const idleChecks = 5
/** A process that was asleep counts for no more than this towards a broker's silence. */
const longestSilentStepMs = 60_000
/** The check waits no longer than this for a broker, so that metrics and health show the silence. */
const longestAnswerMs = 5_000

/**
 * Checks once a second: lag, health, one log line, the advisory commit. Rejects if nothing moves although there is lag;
 * resolves when `stopping` is aborted.
 */
export const createWatchdog = (options: WatchdogOptions): ((stopping: AbortSignal) => Promise<void>) => {
  const { context, results, fullDisk, health, logSummary, saveMoved, commit } = options
  const { clock, logger } = context
  const reportSilence = createSilenceLog(logger)
  const showLagAge = createLagAge(clock, options)
  const saveWhenIdle = createIdleSave(results, saveMoved)
  let stalls: Stalls = new Map()
  let committed: Promise<void> | undefined
  return async (stopping) => {
    for (let checkedMs = clock.monotonicMs(); ;) {
      await clock.sleep(checkEveryMs, stopping)
      if (stopping.aborted) return
      const askedMs = clock.monotonicMs()
      const lags = await readLags(options, stopping)
      const elapsedMs = clock.monotonicMs() - checkedMs
      checkedMs += elapsedMs
      health.silentMs = lags ? 0 : health.silentMs + Math.min(elapsedMs, longestSilentStepMs)
      if (lags) stalls = fullDisk.isPaused() ? new Map() : advanceStalls(stalls, lags, elapsedMs)
      reportSilence(health.silentMs)
      judge(options, longestStallMs(stalls))
      await saveWhenIdle()
      const lag = lags && [...lags.values()].reduce((total, partition) => total + partition.lag, 0)
      showLagAge(lag, askedMs)
      logSummary.rows(results.positions().rows, lag)
      committed ??= commit().finally(() => (committed = undefined))
    }
  }
}

/** Saves positions that moved without a row, once no row has come for a while. */
const createIdleSave = (results: ResultsFile, saveMoved: () => Promise<void>): (() => Promise<void>) => {
  let { rows } = results.positions()
  let idle = 0
  return async () => {
    const { rows: rowsNow } = results.positions()
    idle = rowsNow === rows ? idle + 1 : 0
    rows = rowsNow
    if (idle === idleChecks) await saveMoved()
  }
}

/** Keeps the metric for the age of the lag, which keeps growing while the broker does not report the lag. */
const createLagAge = (clock: Clock, { health, metrics }: Pick<WatchdogOptions, 'health' | 'metrics'>) => {
  const watchedSinceMs = clock.monotonicMs()
  let known = 0
  let drainedAtMs: number | undefined
  return (lag: number | undefined, askedMs: number): void => {
    if (lag === 0) drainedAtMs = askedMs
    known = lag ?? known
    const { lastRecordAtMs } = health
    const now = { monotonicMs: clock.monotonicMs(), epochMs: clock.epochMs() }
    metrics.lagSeconds.set(known === 0 ? 0 : ageOfLag({ watchedSinceMs, drainedAtMs, lastRecordAtMs }, now))
  }
}

/** Asks the broker how far the log goes; undefined if it does not answer. Throws if it is another log. */
const readLags = async (
  { context, plan, admin, identity, partitions, metrics }: WatchdogOptions,
  stopping: AbortSignal,
): Promise<ReadonlyMap<number, PartitionLag> | undefined> => {
  const nextBefore = partitions.nexts()
  const asked = readReadableRanges(admin, plan.topic)
  const ranges = await withDeadline(asked, longestAnswerMs, 'the ends of the log').catch((error: unknown) => {
    if (!stopping.aborted) context.logger.debug(`the broker did not say how far the log goes: ${messageOf(error)}`)
  })
  if (!ranges) return undefined
  const isSameTopic = await withDeadline(identity.confirm(), longestAnswerMs, 'the id of the topic').catch(
    (error: unknown) => {
      if (error instanceof SettingsError) throw error
      return false
    },
  )
  if (!isSameTopic) return undefined
  partitions.check(ranges, nextBefore)
  const lags = new Map(
    [...ranges].map(([partition, { stableEnd }]) => {
      const next = partitions.nextOf(partition)
      return [partition, { next, lag: Math.max(0, stableEnd - next) }]
    }),
  )
  for (const [partition, { lag }] of lags) metrics.setLag(partition, lag)
  return lags
}

/** A reader must not be alive and stuck: without progress, or without a broker, for too long, the run fails. */
const judge = ({ context: { settings }, health, backlog, fullDisk }: WatchdogOptions, stalledMs: number): void => {
  health.isCaughtUp ||= backlog.isRead()
  health.isPaused = fullDisk.isPaused()
  if (stalledMs >= settings.stallSeconds * 1000) {
    health.stall = `expected progress, since there is lag, got none for ${settings.stallSeconds} s`
    throw new Error(health.stall)
  }
  if (health.silentMs >= settings.kafkaWaitSeconds * 1000) {
    throw new Error(`expected an answer from Kafka, got none for ${settings.kafkaWaitSeconds} s`)
  }
}
