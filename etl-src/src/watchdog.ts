import { createSilenceLog, messageOf, type Clock, type Logger } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { EtlHealth } from './health.js'
import { createInputProgress, type HeldBackInput, type InputProgress, type InputState } from './input-progress.js'
import type { LogSummary } from './log-summary.js'
import type { EtlMetrics } from './metrics.js'
import { explainUnread } from './unread-inputs.js'

export type Watched = {
  readonly context: {
    readonly clock: Clock
    readonly logger: Logger
    readonly settings: { readonly groupId: string; readonly stallSeconds: number }
  }
  /** The topics with steps. */
  readonly topics: readonly string[]
  /** Those of them with updates: their offset does not move until an update ends. */
  readonly topicsWithUpdates: ReadonlySet<string>
  readonly admin: Pick<KafkaAdmin, 'readCommittedOffsets' | 'readLogRanges' | 'describeGroup'>
  readonly health: EtlHealth
  readonly metrics: EtlMetrics
  readonly summary: LogSummary
}

const tickMs = 1_000
const ticksPerQuery = 4

/**
 * Logs once a second what happened, keeps lag and metrics fresh, and rejects if there is work but no progress. Resolves
 * when `stopping` is aborted.
 */
export const runWatchdog = async (watched: Watched, stopping: AbortSignal): Promise<void> => {
  const { clock, settings, logger } = watched.context
  const logSilence = createSilenceLog(logger)
  const judgeInputs = createInputJudge(watched)
  let query: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  for (let tick = 0; !stopping.aborted; tick++) {
    // Readiness waits for this answer.
    const isDue = tick % ticksPerQuery === 0 || !watched.health.readiness(clock.monotonicMs()).ok
    // Not awaited: a broker that does not respond must not stop the watchdog.
    if (isDue) {
      query ??= queryInputs(watched)
        .then((inputs) => (inputs ? judgeInputs(inputs) : undefined))
        .catch((error: unknown) => void (failure = { error }))
        .finally(() => (query = undefined))
    }
    logSummary(watched)
    logSilence(watched.health.silentMs(clock.monotonicMs()))
    const liveness = watched.health.liveness(clock.monotonicMs(), settings.stallSeconds * 1000)
    if (!liveness.ok) throw new Error(`no progress: ${liveness.reason}`)
    if (failure) throw failure.error
    await clock.sleep(tickMs, stopping)
  }
}

/** Looks up how far the group and the inputs are; undefined if Kafka did not answer. */
const queryInputs = async ({ context, topics, admin, health }: Watched): Promise<readonly InputState[] | undefined> => {
  const { clock, logger, settings } = context
  try {
    const offsets = await admin.readCommittedOffsets({ groupId: settings.groupId, topics })
    // A partition that was at its end when it was assigned delivers no batch that shows its position.
    for (const { topic, partition, offset } of offsets) health.committed(topic, partition, offset ?? -1n)
    const logs = await admin.readLogRanges(topics)
    return logs.map(({ topic, partition, start, stableEnd, end }) => {
      // Records that retention deleted are not pending work: a new group begins after them.
      health.committed(topic, partition, start)
      // Records that an open transaction holds back are not lag.
      health.ended(topic, partition, stableEnd, clock.monotonicMs())
      const of = offsets.find((entry) => entry.topic === topic && entry.partition === partition)
      return { topic, partition, committed: of?.offset, start, stableEnd, end }
    })
  } catch (error) {
    logger.debug(`could not ask for the ends of the input topics: ${messageOf(error)}`)
    return undefined
  }
}

/**
 * Checks all input partitions, including those of other instances; rejects if one is unread and waiting does not help.
 */
const createInputJudge = (watched: Watched): ((inputs: readonly InputState[]) => Promise<void>) => {
  const { context, health, metrics } = watched
  const { clock, logger, settings } = context
  const stallMs = settings.stallSeconds * 1000
  const progress = createInputProgress()
  let logged: string | undefined
  return async (inputs) => {
    progress.observe(inputs, clock.monotonicMs())
    const heldBack = progress.heldBack(clock.monotonicMs())
    metrics.heldBack(
      inputs.map(({ topic, partition, stableEnd, end }) => ({ topic, partition, records: Number(end - stableEnd) })),
    )
    const unread = await explainFirstUnread(watched, progress, stallMs)
    const longHeld = heldBack.find(({ heldMs }) => heldMs >= stallMs)
    const hindrance = unread ?? (longHeld ? describeHeldBack(longHeld) : undefined)
    health.noticed(hindrance)
    const subject = hindrance === undefined ? undefined : (hindrance.split(' ')[0] ?? '')
    if (subject !== logged && hindrance !== undefined) logger.warn(hindrance)
    if (subject === undefined && logged !== undefined) logger.info('all inputs are read again')
    logged = subject
  }
}

const explainFirstUnread = async (
  { context: { clock, logger, settings }, topicsWithUpdates, admin, health }: Watched,
  progress: InputProgress,
  stallMs: number,
): Promise<string | undefined> => {
  // The liveness of this instance covers its own partitions.
  const inputs = progress
    .unread(clock.monotonicMs(), stallMs)
    .filter(({ topic, partition }) => !health.isAssigned(topic, partition))
  if (inputs.length === 0) return undefined
  const group = await admin.describeGroup(settings.groupId).catch((error: unknown) => {
    logger.debug(`could not ask for the members of the group: ${messageOf(error)}`)
    return undefined
  })
  if (group === undefined) return undefined
  // Explain all of them, since those that waiting cannot help throw.
  const explained = inputs.map((input) => ({ input, sentence: explainUnread(input, settings.groupId, group) }))
  return explained.find(({ input }) => !topicsWithUpdates.has(input.topic))?.sentence
}

const describeHeldBack = ({ topic, partition, records, heldMs }: HeldBackInput): string =>
  `${topic}/${partition} is held back: an open transaction of somebody else has hidden ${records} offsets for ${Math.round(heldMs / 1000)} s; they are read when it ends. \`npm run admin -- doctor\` says whose it is and how to end it`

const logSummary = ({ context, health, metrics, summary }: Watched): void => {
  const { clock } = context
  const lags = health.lags(clock.epochMs(), clock.monotonicMs())
  metrics.lags(lags)
  const lag = lags.reduce((sum, { records }) => sum + records, 0)
  const line = summary.take(lag, tickMs / 1000)
  if (!line) return
  if (line.hasRejections) context.logger.warn(line.fields, line.message)
  else context.logger.info(line.fields, line.message)
}
