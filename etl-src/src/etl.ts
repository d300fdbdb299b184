import { withDeadline, type Service } from '@kafka-etl/common'
import { createRunMemory, ensureTopics, toKafkaAdmin, waitForKafka } from '@kafka-etl/kafka'
import { createActivity } from './activity.js'
import { consume } from './consume.js'
import { createEtlMetrics, type EtlMetrics } from './metrics.js'
import { createProgress, type Progress } from './progress.js'
import type { EtlContext } from './run.js'
import { readSizeLimits } from './size-limits.js'

/** The ETL: every input topic in one consumer group, each input partition in transactions of its own. */
export const createEtl = (context: EtlContext): Service => {
  const { clock, settings, registry } = context
  const progress = createProgress(clock.monotonicMs())
  const metrics = createEtlMetrics(
    registry,
    settings.inputs.map(({ topic }) => topic),
  )
  return {
    run: (stopping) => runEtl(context, progress, metrics, stopping),
    liveness: () => progress.liveness(clock.monotonicMs(), settings.stallSeconds * 1000),
    readiness: () => progress.readiness(clock.monotonicMs()),
  }
}

const runEtl = async (
  context: EtlContext,
  progress: Progress,
  metrics: EtlMetrics,
  stopping: AbortSignal,
): Promise<void> => {
  const { kafka, kafkajs, logger, clock, settings } = context
  await waitForKafka({
    kafka,
    logger,
    clock,
    stopping,
    settings,
    timeoutMs: settings.kafkaWaitSeconds * 1000,
  })
  if (stopping.aborted) return
  const admin = kafkajs.admin()
  await admin.connect()
  try {
    await ensureTopics(toKafkaAdmin(admin), settings, logger)
    const limits = await readSizeLimits(admin, settings, logger)
    const activity = createActivity()
    const memory = createRunMemory()
    await consume(
      { context, admin, progress, metrics, activity, limits, memory, generation: 0, tasks: new Map() },
      stopping,
    )
  } finally {
    await withDeadline(admin.disconnect(), 1_000, 'the connection to end').catch(() => undefined)
  }
}
