import { SettingsError, withDeadline, type Service } from '@kafka-etl/common'
import { createRunMemory, waitForKafka } from '@kafka-etl/kafka'
import { connectFormats, listReasons, listRoutes } from '@kafka-etl/pipeline'
import { readPositions } from './committed-offset.js'
import type { EtlContext } from './etl-context.js'
import { startEtlLoop } from './etl-loop.js'
import { refuseForeignGroup } from './foreign-pipeline.js'
import { createEtlHealth, type EtlHealth } from './health.js'
import type { StartPosition } from './judge-position.js'
import { createLogSummary } from './log-summary.js'
import { createEtlMetrics, type EtlMetrics } from './metrics.js'
import { openWriter } from './open-writer.js'
import { readOutputLimits } from './output-limits.js'
import { createPartitionTasks } from './partition-tasks.js'
import { refuseOldFormats } from './refuse-old-formats.js'
import { ensurePipelineTopics, sourceTopicsOf, updatesOf, writtenTopicsOf } from './pipeline-topics.js'
import { routesOf } from './route.js'
import { beginWithUpdates } from './update-start.js'
import { runWatchdog } from './watchdog.js'

/** The ETL: reads all topics with steps in one consumer group, and writes separate transactions for each partition. */
export const createEtl = (context: EtlContext): Service => {
  const { clock, settings, registry, pipeline } = context
  const health = createEtlHealth(clock.monotonicMs())
  const metrics = createEtlMetrics(registry, {
    pipeline: pipeline.definition.name,
    topics: sourceTopicsOf(context),
    reasons: listReasons(pipeline.definition),
    warnings: pipeline.definition.warnings ?? [],
  })
  return {
    run: (stopping) => runEtl(context, health, metrics, stopping),
    liveness: () => health.liveness(clock.monotonicMs(), settings.stallSeconds * 1000),
    readiness: () => health.readiness(clock.monotonicMs()),
  }
}

const diagnosisDeadlineMs = 5_000

const runEtl = async (
  unconnected: EtlContext,
  health: EtlHealth,
  metrics: EtlMetrics,
  stopping: AbortSignal,
): Promise<void> => {
  const { kafka, logger, clock, settings, pipeline } = unconnected
  await waitForKafka({
    kafka,
    logger,
    clock,
    stopping,
    settings,
    timeoutMs: settings.kafkaWaitSeconds * 1000,
  })
  if (stopping.aborted) return
  const { definition, prepareOf } = await connectFormats({
    definition: pipeline.definition,
    written: listRoutes(pipeline.definition).map(({ to }) => to),
    settings,
    logger,
    clock,
    waitMs: settings.kafkaWaitSeconds * 1000,
    stopping,
  })
  const context = { ...unconnected, pipeline: { ...pipeline, definition } }
  const admin = await kafka.connectAdmin()
  try {
    await refuseForeignGroup(admin, { groupId: settings.groupId, pipeline: definition.name })
    const topology = await ensurePipelineTopics(context, admin)
    const partitions = new Map(topology.topics.map(({ name, partitions }) => [name, partitions]))
    const checkPositions = (): Promise<readonly StartPosition[]> =>
      readPositions({
        admin,
        groupId: settings.groupId,
        pipeline: definition.name,
        routes: routesOf(definition, topology, partitions),
        beginning: settings.start,
      })
    const updates = updatesOf(context)
    const starts = await beginWithUpdates({ admin, endTextOf: (topic) => updates.get(topic) }, await checkPositions())
    const limits = await readOutputLimits(admin, writtenTopicsOf(topology), logger)
    const parts = { admin, metrics, limits, memory: createRunMemory(), starts, prepareOf }
    const tasks = createPartitionTasks({
      groupId: settings.groupId,
      logger,
      monotonicMs: clock.monotonicMs,
      workOf: (topic, partition) => ({
        openWriter: () => openWriter(context, parts, topic, partition),
        readTopicId: async () => (await admin.readTopicIds([topic])).get(topic),
      }),
    })
    const topics = sourceTopicsOf(context)
    const summary = createLogSummary()
    // Only an explicit name proves that the member with that name is this instance before it was killed.
    const isNamed = settings.instance !== ''
    const memberId = isNamed ? await admin.findFormerMember(settings.groupId, context.clientId) : undefined
    const loop = await startEtlLoop({ context, memberId, topics, starts, tasks, health, metrics, summary }, stopping)
    try {
      await Promise.race([
        runWatchdog(
          { context, topics, topicsWithUpdates: new Set(updates.keys()), admin, health, metrics, summary },
          stopping,
        ),
        loop.failed,
      ])
    } catch (error) {
      // A fault that no restart fixes explains more than the consumer's error does.
      const diagnosis = async (): Promise<void> => {
        await checkPositions()
        await refuseOldFormats(admin, writtenTopicsOf(topology))
      }
      await withDeadline(diagnosis(), diagnosisDeadlineMs, 'the diagnosis').catch((cause: unknown) => {
        throw cause instanceof SettingsError ? cause : error
      })
      throw error
    } finally {
      await loop.close()
    }
  } finally {
    await withDeadline(admin.close(), 1_000, 'the connection to end').catch(() => undefined)
  }
}
