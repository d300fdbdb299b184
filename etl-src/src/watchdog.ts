import { createSilenceLog, messageOf, type Clock, type CommonSettings, type Logger } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { EtlHealth } from './health.js'
import type { LogSummary } from './log-summary.js'
import type { EtlMetrics } from './metrics.js'

export type Watched = {
  readonly context: {
    readonly clock: Clock
    readonly logger: Logger
    readonly settings: CommonSettings & { readonly groupId: string; readonly stallSeconds: number }
  }
  readonly admin: Pick<KafkaAdmin, 'readCommittedOffsets' | 'readLogRanges'>
  readonly health: EtlHealth
  readonly metrics: EtlMetrics
  readonly summary: LogSummary
}

const tickMs = 1_000
const ticksPerLagQuery = 4

/**
 * Logs once a second what happened, keeps lag and metrics fresh, and rejects if there is work and no progress.
 * Resolves when `stopping` is aborted.
 */
export const runWatchdog = async (watched: Watched, stopping: AbortSignal): Promise<void> => {
  const { clock, settings } = watched.context
  const logSilence = createSilenceLog(watched.context.logger)
  let query: Promise<void> | undefined
  for (let tick = 0; !stopping.aborted; tick++) {
    // Readiness waits for this answer.
    const isDue = tick % ticksPerLagQuery === 0 || !watched.health.readiness(clock.monotonicMs()).ok
    // Not awaited: a broker that does not answer must not stop the watchdog.
    if (isDue) query ??= queryEnds(watched).finally(() => (query = undefined))
    logSummary(watched)
    logSilence(watched.health.silentMs(clock.monotonicMs()))
    const liveness = watched.health.liveness(clock.monotonicMs(), settings.stallSeconds * 1000)
    if (!liveness.ok) throw new Error(`no progress: ${liveness.reason}`)
    await clock.sleep(tickMs, stopping)
  }
}

const queryEnds = async ({ context, admin, health }: Watched): Promise<void> => {
  const { clock, logger, settings } = context
  try {
    // A partition that was at its end when it was assigned delivers no batch that shows its position.
    const topics = settings.inputs.map(({ topic }) => topic)
    for (const { topic, partition, offset } of await admin.readCommittedOffsets({
      groupId: settings.groupId,
      topics,
    })) {
      health.committed(topic, partition, offset ?? -1n)
    }
    for (const { topic, partition, start, stableEnd } of await admin.readLogRanges(topics)) {
      // Records that retention deleted are not left to do: a new group begins behind them.
      health.committed(topic, partition, start)
      // What an open transaction holds back is no lag.
      health.ended(topic, partition, stableEnd, clock.monotonicMs())
    }
  } catch (error) {
    logger.debug(`could not ask for the ends of the input topics: ${messageOf(error)}`)
  }
}

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
