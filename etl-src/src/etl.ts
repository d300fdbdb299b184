import { SettingsError, withDeadline, type Service } from '@kafka-etl/common'
import { createRunMemory, ensureTopics, waitForKafka, type KafkaAdmin } from '@kafka-etl/kafka'
import { readPosition, readPositions, type StartPosition } from './committed-offset.js'
import { createConvertBatch, largestValueBytes, type OutputLimits } from './convert-batch.js'
import { startEtlLoop, type EtlContext } from './etl-loop.js'
import { createEtlHealth, type EtlHealth } from './health.js'
import { createLogSummary } from './log-summary.js'
import { createEtlMetrics, type EtlMetrics } from './metrics.js'
import { readOutputLimits } from './output-limits.js'
import { createPartitionTasks, type PartitionTasks } from './partition-tasks.js'
import { createTimestampsPipeline } from './pipelines/timestamps/timestamps-pipeline.js'
import { inputOf, routesOf } from './route.js'
import { runWatchdog } from './watchdog.js'

/** The ETL: every input topic in one consumer group, each input partition in transactions of its own. */
export const createEtl = (context: EtlContext): Service => {
  const { clock, settings, registry } = context
  const health = createEtlHealth(clock.monotonicMs())
  const metrics = createEtlMetrics(
    registry,
    settings.inputs.map(({ topic }) => topic),
  )
  return {
    run: (stopping) => runEtl(context, health, metrics, stopping),
    liveness: () => health.liveness(clock.monotonicMs(), settings.stallSeconds * 1000),
    readiness: () => health.readiness(clock.monotonicMs()),
  }
}

const diagnosisDeadlineMs = 5_000

const runEtl = async (
  context: EtlContext,
  health: EtlHealth,
  metrics: EtlMetrics,
  stopping: AbortSignal,
): Promise<void> => {
  const { kafka, logger, clock, settings } = context
  await waitForKafka({
    kafka,
    logger,
    clock,
    stopping,
    settings,
    timeoutMs: settings.kafkaWaitSeconds * 1000,
  })
  if (stopping.aborted) return
  const admin = await kafka.connectAdmin()
  try {
    const partitions = await ensureTopics(admin, settings, logger)
    const checkPositions = (): Promise<readonly StartPosition[]> =>
      readPositions({ admin, groupId: settings.groupId, routes: routesOf(settings, partitions) })
    const starts = await checkPositions()
    const limits = await readOutputLimits(admin, settings, logger)
    const tasks = createTasks(context, admin, metrics, limits)
    const summary = createLogSummary()
    // Only a name that was given says that the member of that name is this instance before it was killed.
    const isNamed = settings.instance !== ''
    const memberId = isNamed ? await admin.findFormerMember(settings.groupId, context.clientId) : undefined
    const loop = await startEtlLoop({ context, memberId, starts, tasks, health, metrics, summary }, stopping)
    try {
      await Promise.race([runWatchdog({ context, admin, health, metrics, summary }, stopping), loop.failed])
    } catch (error) {
      // A position outside of its log explains more than the consumer's error does, and is not mended by a restart.
      await withDeadline(checkPositions(), diagnosisDeadlineMs, 'the positions').catch((cause: unknown) => {
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

/** Says what the task of an input partition is made of: its pipeline, its sink and its position in the group. */
const createTasks = (
  { settings, clock, kafka, logger, crashPoint }: EtlContext,
  admin: KafkaAdmin,
  metrics: EtlMetrics,
  limits: OutputLimits,
): PartitionTasks => {
  const { groupId, localTime, zoneCheck } = settings
  const memory = createRunMemory()
  return createPartitionTasks({
    settings,
    logger,
    monotonicMs: clock.monotonicMs,
    workOf: (route) => {
      const { topic, partition } = route
      const pipeline = createTimestampsPipeline({ zone: inputOf(settings, topic).zone, localTime, zoneCheck })
      const convert = createConvertBatch(route, pipeline, limits, memory)
      return {
        convert: (records, topicId) => convert(records, clock.epochMs(), topicId),
        maxValueBytes: largestValueBytes(limits),
        openSink: async () => {
          // Input topics may have grown since the start, and the outputs have to grow with them.
          await ensureTopics(admin, settings, logger)
          metrics.writerOpened(topic)
          return kafka.openTransactionalSink({
            transactionalId: `${groupId}/${topic}/${partition}`,
            crashPoint: (name) => crashPoint(`etl.${name}`),
          })
        },
        readPosition: () => readPosition({ admin, clock, groupId, route }),
        readTopicId: async () => (await admin.readTopicIds([topic])).get(topic),
      }
    },
  })
}
