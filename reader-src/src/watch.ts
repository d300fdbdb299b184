import { ageOfLag, createSilenceLog, messageOf, withDeadline } from '@kafka-etl/common'
import type { Admin, Consumer } from 'kafkajs'
import { keepPositions } from './batch-writer.js'
import type { LogRange } from './continuity.js'
import type { Goal } from './goal.js'
import { readLogRanges } from './log-ranges.js'
import type { Partitions } from './partitions.js'
import { advanceStalls, longestStallMs, type Progress, type Stalls } from './stall.js'
import type { TransferOptions } from './transfer.js'

export type WatchOptions = TransferOptions & {
  readonly admin: Admin
  readonly consumer: Consumer
  readonly partitions: Partitions
  readonly goal: Goal
}

const lookEveryMs = 1_000
/** So many looks without a new row, and positions that moved over commit markers alone are saved, too. */
const idleLooks = 5
/** A process that was asleep counts no more than this towards a broker's silence. */
const longestSilentStepMs = 60_000
/** A broker that has not answered by then is not waited for, so that everybody sees that it is silent. */
const longestLookMs = 5_000

/** Looks once a second: lag, health, one line of log, the advisory commit; ends the run where nothing moves. */
export const watch = async (options: WatchOptions): Promise<void> => {
  const { context, ending, results } = options
  const { clock, logger } = context
  let stalls: Stalls = new Map()
  let rows = results.positions().rows
  let idle = 0
  let silentMs = 0
  let committed: Promise<void> | undefined
  const tellSilence = createSilenceLog(logger)
  const showLag = createLagShow(options)
  for (let lookedMs = clock.monotonicMs(); ;) {
    await clock.sleep(lookEveryMs, ending.signal)
    if (ending.signal.aborted) return
    const askedMs = clock.monotonicMs()
    const found = await look(options)
    const elapsedMs = clock.monotonicMs() - lookedMs
    lookedMs += elapsedMs
    silentMs = found ? 0 : silentMs + Math.min(elapsedMs, longestSilentStepMs)
    if (found) stalls = options.spaceWait.isPaused() ? new Map() : advanceStalls(stalls, found, elapsedMs)
    tellSilence(silentMs)
    judge(options, { stalledMs: longestStallMs(stalls), silentMs })
    const { rows: rowsNow } = results.positions()
    idle = rowsNow === rows ? idle + 1 : 0
    if (idle === idleLooks) await keepPositions(options, options.partitions)
    const lag = found && [...found.values()].reduce((total, progress) => total + progress.lag, 0)
    showLag(lag, askedMs)
    if (rowsNow > rows)
      logger.info({ written: rowsNow - rows, rows: rowsNow, lag }, lineOf(rowsNow - rows, rowsNow, lag))
    rows = rowsNow
    committed ??= commitPositions(options, options.consumer).finally(() => (committed = undefined))
  }
}

/** Keeps the metric of the lag's age, which goes on growing while the broker does not say how large the lag is. */
const createLagShow = ({ context: { clock }, health, metrics }: WatchOptions) => {
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

const lineOf = (written: number, rows: number, lag: number | undefined): string =>
  `wrote ${written} ${written === 1 ? 'row' : 'rows'}, ${rows} in all, lag ${lag ?? 'unknown'}`

/** Asks the broker how far the log goes; undefined where it does not answer. Throws where it is another log. */
const look = async (options: WatchOptions): Promise<ReadonlyMap<number, Progress> | undefined> => {
  const { context, admin, partitions, ending, metrics } = options
  const nextBefore = partitions.nexts()
  const asked = readLogRanges(admin, context.settings.outputTopic)
  const ranges = await withDeadline(asked, longestLookMs, 'the ends of the log').catch((error: unknown) => {
    if (!ending.signal.aborted) context.logger.debug(`the broker did not say how far the log goes: ${messageOf(error)}`)
  })
  if (!ranges) return undefined
  partitions.look(ranges, nextBefore)
  const progress = new Map([...ranges].map(([id, range]) => [id, progressOf(id, range, partitions)]))
  for (const [partition, { lag }] of progress) metrics.lagRecords.set({ partition: String(partition) }, lag)
  return progress
}

const progressOf = (partition: number, { stableEnd }: LogRange, partitions: Partitions): Progress => {
  const next = partitions.nextOf(partition)
  return { next, lag: Math.max(0, stableEnd - next) }
}

/** Alive and stuck must not be: without progress, or without a broker, for too long the run fails. */
const judge = (
  { context: { settings }, health, ending, goal, spaceWait }: WatchOptions,
  { stalledMs, silentMs }: { readonly stalledMs: number; readonly silentMs: number },
): void => {
  health.isCaughtUp ||= goal.isReached()
  health.isPaused = spaceWait.isPaused()
  health.silentMs = silentMs
  if (stalledMs >= settings.stallSeconds * 1000) {
    health.stall = `expected progress, since there is lag, got none for ${settings.stallSeconds} s`
    ending.fail(new Error(health.stall))
  }
  if (silentMs >= settings.kafkaWaitSeconds * 1000) {
    ending.fail(new Error(`expected an answer from Kafka, got none for ${settings.kafkaWaitSeconds} s`))
  }
}

/** Tells Kafka what is safe on disk, for whoever looks at the group's lag: the reader itself never reads it. */
export const commitPositions = async ({ context, results }: TransferOptions, consumer: Consumer): Promise<void> => {
  const topic = context.settings.outputTopic
  const offsets = [...results.positions().partitions].map(([partition, { next }]) => ({
    topic,
    partition,
    offset: String(next),
  }))
  if (offsets.length === 0) return
  context.crashPoint('reader.beforeKafkaCommit')
  try {
    await consumer.commitOffsets(offsets)
  } catch (error) {
    context.logger.debug(`the advisory commit did not succeed: ${messageOf(error)}`)
  }
}
