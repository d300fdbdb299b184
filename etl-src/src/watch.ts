import { createSilenceLog, messageOf, type Clock, type CommonSettings, type Logger } from '@kafka-etl/common'
import type { Admin } from 'kafkajs'
import type { Activity } from './activity.js'
import type { EtlMetrics } from './metrics.js'
import type { Progress } from './progress.js'

export type Watched = {
  readonly context: {
    readonly clock: Clock
    readonly logger: Logger
    readonly settings: CommonSettings & { readonly groupId: string; readonly stallSeconds: number }
  }
  readonly admin: Admin
  readonly progress: Progress
  readonly metrics: EtlMetrics
  readonly activity: Activity
}

const tickMs = 1_000
const ticksPerLagQuery = 4

/**
 * Tells once a second what happened, keeps lag and metrics fresh, and rejects when there is work and no progress.
 * Resolves when `stopping` is aborted.
 */
export const watch = async (watched: Watched, stopping: AbortSignal): Promise<void> => {
  const { clock, settings } = watched.context
  const tellSilence = createSilenceLog(watched.context.logger)
  let query: Promise<void> | undefined
  for (let tick = 0; !stopping.aborted; tick++) {
    // Who waits for readiness waits for this question.
    const isDue = tick % ticksPerLagQuery === 0 || !watched.progress.readiness(clock.monotonicMs()).ok
    // Not awaited: a broker that does not answer must not keep the watch from seeing it.
    if (isDue) query ??= queryEnds(watched).finally(() => (query = undefined))
    tell(watched)
    tellSilence(watched.progress.silentMs(clock.monotonicMs()))
    const health = watched.progress.liveness(clock.monotonicMs(), settings.stallSeconds * 1000)
    if (!health.ok) throw new Error(`no progress: ${health.reason}`)
    await clock.sleep(tickMs, stopping)
  }
}

const queryEnds = async ({ context, admin, progress }: Watched): Promise<void> => {
  const { clock, logger, settings } = context
  try {
    // A partition that was at its end when it was assigned sends no batch that would tell where it stands.
    const topics = settings.inputs.map(({ topic }) => topic)
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: settings.groupId, topics })) {
      for (const { partition, offset } of partitions) progress.committed(topic, partition, BigInt(offset))
    }
    for (const topic of topics) {
      // KafkaJS asks read_committed: `high` is the last stable offset, so an open transaction is no lag.
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        // What retention has taken away is not to be done: a new group begins behind it.
        progress.committed(topic, partition, BigInt(low))
        progress.ended(topic, partition, BigInt(high), clock.monotonicMs())
      }
    }
  } catch (error) {
    logger.debug(`could not ask for the ends of the input topics: ${messageOf(error)}`)
  }
}

const tell = ({ context, progress, metrics, activity }: Watched): void => {
  const { clock } = context
  const lags = progress.lags(clock.epochMs(), clock.monotonicMs())
  metrics.lags(lags)
  const lag = lags.reduce((sum, { records }) => sum + records, 0)
  const line = activity.take(lag, tickMs / 1000)
  if (!line) return
  if (line.hasRejections) context.logger.warn(line.fields, line.message)
  else context.logger.info(line.fields, line.message)
}
