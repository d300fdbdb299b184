import {
  ensureTopics,
  findFormerMember,
  outputPartition,
  waitForKafka,
  type CommonSettings,
  type Service,
  type ServiceContext,
  type SettingsOf,
} from '@kafka-etl/common'
import type { Admin } from 'kafkajs'
import { createActivity, type Activity } from './activity.js'
import { createConvertBatch, type SizeLimits } from './convert-batch.js'
import { startGroupConsumer, type Delivery } from './group-consumer.js'
import { withHeartbeats } from './heartbeats.js'
import type { Route } from './input-record.js'
import { createEtlMetrics, type EtlMetrics } from './metrics.js'
import { createPartitionTask, type PartitionTask } from './partition-task.js'
import { createTimestampsPipeline } from './pipelines/timestamps/timestamps-pipeline.js'
import { readPosition } from './positions.js'
import { createProgress, type Progress } from './progress.js'
import type { etlSettings } from './settings.js'
import { readSizeLimits } from './size-limits.js'
import { openTransactionalWriter } from './transactional-writer.js'
import { watch } from './watch.js'

export type EtlContext = ServiceContext<SettingsOf<typeof etlSettings> & CommonSettings>

/** What the parts of one running ETL share. */
type Run = {
  readonly context: EtlContext
  readonly admin: Admin
  readonly progress: Progress
  readonly metrics: EtlMetrics
  readonly activity: Activity
  readonly limits: SizeLimits
  generation: number
  readonly tasks: Map<string, PartitionTask>
}

/** The ETL: every input topic in one consumer group, each input partition in transactions of its own. */
export const createEtl = (context: EtlContext): Service => {
  const { clock, settings, registry } = context
  const progress = createProgress(clock.monotonicMs())
  const metrics = createEtlMetrics(registry)
  return {
    run: (stopping) => runEtl(context, progress, metrics, stopping),
    liveness: () => progress.liveness(clock.monotonicMs(), settings.stallSeconds * 1000),
    readiness: progress.readiness,
  }
}

const runEtl = async (
  context: EtlContext,
  progress: Progress,
  metrics: EtlMetrics,
  stopping: AbortSignal,
): Promise<void> => {
  const { kafka, logger, clock, settings } = context
  await waitForKafka({
    kafka,
    logger,
    clock,
    stopping,
    brokers: settings.kafkaBrokers,
    timeoutMs: settings.kafkaWaitSeconds * 1000,
  })
  if (stopping.aborted) return
  const admin = kafka.admin()
  await admin.connect()
  try {
    await ensureTopics(admin, settings, logger)
    const limits = await readSizeLimits(admin, settings)
    const activity = createActivity()
    await consume({ context, admin, progress, metrics, activity, limits, generation: 0, tasks: new Map() }, stopping)
  } finally {
    await admin.disconnect()
  }
}

const consume = async (run: Run, stopping: AbortSignal): Promise<void> => {
  const { context, progress, metrics } = run
  const { kafka, settings, clock, logger } = context
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  const consumer = await startGroupConsumer({
    kafka,
    memberId: await findFormerMember(run.admin, settings.groupId, context.clientId),
    groupId: settings.groupId,
    topics: settings.inputs.map(({ topic }) => topic),
    onBatch: (delivery) => handleDelivery(run, delivery),
    onJoined: (assignment) => {
      run.generation++
      metrics.joined()
      logger.info({ assignment }, 'joined the consumer group')
      const partitions = Object.entries(assignment).flatMap(([topic, list]) =>
        list.map((partition) => ({ topic, partition })),
      )
      progress.assigned(partitions, clock.monotonicMs())
    },
    onPassedOver: (topic, partition, first, last) => {
      run.tasks.get(`${topic}/${partition}`)?.passOver(first, last)
      progress.moved(topic, partition, last + 1n, clock.monotonicMs())
    },
    onCrashed: fail,
  })
  try {
    await Promise.race([watch(run, stopping), failed])
  } finally {
    await consumer.disconnect()
    await Promise.all([...run.tasks.values()].map((task) => task.close()))
  }
}

const handleDelivery = async (run: Run, delivery: Delivery): Promise<void> => {
  const { context, progress, metrics, activity } = run
  const { topic, partition, batch } = delivery
  const task = taskOf(run, topic, partition)
  try {
    const result = await withHeartbeats(delivery.heartbeat, () => task.handle(batch, run.generation))
    if (result.kind === 'seek') {
      delivery.seek(result.offset)
      return
    }
    context.crashPoint('etl.beforeResolve')
    delivery.resolve()
    progress.moved(
      topic,
      partition,
      batch.lastOffset + 1n,
      context.clock.monotonicMs(),
      batch.records.at(-1)?.timestampMs,
    )
    metrics.committed(topic, result.converted, result.seconds)
    activity.add(topic, partition, result.converted)
  } catch (error) {
    metrics.transactionFailed(topic)
    const offset = batch.fetchedOffset.toString()
    context.logger.warn(
      { topic, partition, offset },
      `gave up a transaction, will start over from the committed offset: ${messageOf(error)}`,
    )
    throw error
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const taskOf = (run: Run, topic: string, partition: number): PartitionTask => {
  const key = `${topic}/${partition}`
  const known = run.tasks.get(key)
  if (known) return known
  const task = createTask(run, topic, partition)
  run.tasks.set(key, task)
  return task
}

const createTask = (run: Run, topic: string, partition: number): PartitionTask => {
  const { context, admin, metrics } = run
  const { settings, clock, kafka, logger, crashPoint } = context
  const route = routeOf(settings, topic, partition)
  const { zone } = inputOf(settings, topic)
  const pipeline = createTimestampsPipeline({ zone, localTime: settings.localTime, zoneCheck: settings.zoneCheck })
  const convert = createConvertBatch(route, pipeline, run.limits)
  return createPartitionTask({
    route,
    logger,
    monotonicMs: clock.monotonicMs,
    convert: (records) => convert(records, clock.epochMs()),
    openWriter: async () => {
      // Input topics may have grown since the start, and the outputs have to grow with them.
      await ensureTopics(admin, settings, logger)
      metrics.writerOpened(topic)
      return openTransactionalWriter({ kafka, groupId: settings.groupId, route, crashPoint })
    },
    readPosition: () => readPosition(admin, settings.groupId, topic, partition),
  })
}

const inputOf = ({ inputs }: CommonSettings, topic: string): CommonSettings['inputs'][number] => {
  const input = inputs.find((candidate) => candidate.topic === topic)
  if (!input) throw new Error(`expected a topic of INPUTS, got ${topic}`)
  return input
}

const routeOf = (settings: CommonSettings, topic: string, partition: number): Route => {
  const { inputs, outputTopic, deadLetterTopic } = settings
  const index = inputs.indexOf(inputOf(settings, topic))
  return {
    topic,
    partition,
    outputTopic,
    deadLetterTopic,
    outputPartition: outputPartition(inputs.length, index, partition),
  }
}
