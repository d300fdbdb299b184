import { SettingsError, withDeadline, type Service } from '@kafka-etl/common'
import { createRunMemory, ensureTopics, waitForKafka, type KafkaAdmin, type RecordViews } from '@kafka-etl/kafka'
import {
  connectFormats,
  fastPathOf,
  listReasons,
  listRoutes,
  listSources,
  planTopology,
  needsOfPipeline,
  transactionalIdOf,
  type ConnectedDefinition,
  type Topology,
} from '@kafka-etl/pipeline'
import { readPosition, readPositions, type StartPosition } from './committed-offset.js'
import { createConvertBatch, type ConvertedBatch } from './convert-batch.js'
import { startEtlLoop, type EtlContext } from './etl-loop.js'
import { refuseForeignGroup } from './foreign-pipeline.js'
import { createEtlHealth, type EtlHealth } from './health.js'
import { createLogSummary } from './log-summary.js'
import { createEtlMetrics, type EtlMetrics } from './metrics.js'
import { largestValueBytes, readOutputLimits, type OutputLimits } from './output-limits.js'
import { createPartitionTasks, type PartitionTasks } from './partition-tasks.js'
import { routeOf, routesOf, findSource } from './route.js'
import { restoreState } from './restore-state.js'
import { createUpdateHold, type UpdateHold } from './update-hold.js'
import { convertWatched, type StepProgress } from './step-watchdog.js'
import { runWatchdog } from './watchdog.js'

/** The ETL: all topics with steps in one consumer group, each of their partitions in transactions of its own. */
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
    const starts = await checkPositions()
    const limits = await readOutputLimits(admin, writtenTopicsOf(topology), logger)
    const tasks = createTasks(context, { admin, metrics, limits, starts, prepareOf })
    const topics = sourceTopicsOf(context)
    const summary = createLogSummary()
    // Only a name that was given says that the member of that name is this instance before it was killed.
    const isNamed = settings.instance !== ''
    const memberId = isNamed ? await admin.findFormerMember(settings.groupId, context.clientId) : undefined
    const loop = await startEtlLoop({ context, memberId, topics, starts, tasks, health, metrics, summary }, stopping)
    try {
      await Promise.race([
        runWatchdog(
          { context, topics, topicsWithUpdates: topicsWithUpdatesOf(context), admin, health, metrics, summary },
          stopping,
        ),
        loop.failed,
      ])
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

const sourceTopicsOf = ({ pipeline }: EtlContext): readonly string[] =>
  listSources(pipeline.definition).map(({ topic }) => topic)

const topicsWithUpdatesOf = ({ pipeline: { definition } }: EtlContext): ReadonlySet<string> =>
  new Set(
    listSources(definition)
      .filter(({ alias }) => definition.topics[alias]?.updates !== undefined)
      .map(({ topic }) => topic),
  )

const writtenTopicsOf = ({ topics, deadLetters }: Topology): readonly string[] => [
  ...topics.filter(({ isWritten }) => isWritten).map(({ name }) => name),
  deadLetters.topic,
]

/** Makes and grows what is missing, and plans by what there is then. */
const ensurePipelineTopics = async (
  { pipeline: { definition, names }, logger }: EtlContext,
  admin: KafkaAdmin,
): Promise<Topology> =>
  planTopology(definition, names, await ensureTopics(admin, needsOfPipeline(definition, names), logger))

type TaskParts = {
  readonly admin: KafkaAdmin
  readonly metrics: EtlMetrics
  readonly limits: OutputLimits
  readonly starts: readonly StartPosition[]
  readonly prepareOf: ConnectedDefinition['prepareOf']
}

const createHold = (
  where: string,
  endText: string,
  { updateMaxBytes }: { readonly updateMaxBytes: number },
): UpdateHold => {
  const end = Buffer.from(endText)
  return createUpdateHold({
    where,
    endText,
    maxBytes: updateMaxBytes,
    endsUpdate: ({ buffer, valueStart, valueLength, missingValueBytes }) =>
      valueLength === end.length &&
      missingValueBytes === 0 &&
      end.compare(buffer, valueStart, valueStart + valueLength) === 0,
  })
}

/** Says what the task of an input partition is made of: its conversion, its sink and its position in the group. */
const createTasks = (context: EtlContext, { admin, metrics, limits, starts, prepareOf }: TaskParts): PartitionTasks => {
  const { settings, clock, kafka, logger, crashPoint } = context
  const { definition } = context.pipeline
  const { groupId } = settings
  const memory = createRunMemory()
  return createPartitionTasks({
    groupId,
    logger,
    monotonicMs: clock.monotonicMs,
    workOf: (topic, partition) => ({
      openWriter: async () => {
        // Input topics may have grown since the start, and the outputs have to grow with them.
        const topology = await ensurePipelineTopics(context, admin)
        const source = findSource(topology, topic)
        const definedTopic = definition.topics[source.alias]
        if (!definedTopic) throw new Error(`expected the topic ${source.alias} in the definition, found none`)
        const { updates } = definedTopic
        const progress: StepProgress = { offset: 0, startedMs: 0 }
        const convert = createConvertBatch({
          definition,
          topology,
          source,
          partition,
          limits,
          memory,
          onStep: (offset) => {
            progress.offset = offset
            progress.startedMs = clock.monotonicMs()
          },
        })
        const watched = {
          topic,
          partition,
          stepSeconds: settings.stepSeconds,
          monotonicMs: clock.monotonicMs,
          progress,
        }
        const step = definition.steps[source.alias]
        // A step with a fast path is too frequent, and too short, to be watched; one of updates has no record of its own.
        const isWatched = step !== undefined && fastPathOf(step) === undefined && updates === undefined
        metrics.writerOpened(topic)
        const sink = await kafka.openTransactionalSink({
          transactionalId: transactionalIdOf(groupId, topic, partition),
          crashPoint: (name) => crashPoint(`etl.${name}`),
        })
        const prepare = prepareOf(source.alias)
        return {
          sink,
          prepare: prepare && ((records) => prepare(valuesOf(records))),
          convert: (records, batch) => {
            const convertNow = (): ConvertedBatch => convert(records, { ...batch, handledAtMs: clock.epochMs() })
            return isWatched ? convertWatched(watched, convertNow) : convertNow()
          },
          hold: updates === undefined ? undefined : createHold(`${topic} partition ${partition}`, updates, settings),
          restoreState: (start) => restoreState({ kafka, admin, groupId, topic: definedTopic }, start),
          maxValueBytes: largestValueBytes(limits),
          readPosition: () => {
            const route = routeOf(definition, topology, topic, partition)
            return readPosition({ admin, clock, groupId, pipeline: definition.name, route, earlier: starts })
          },
        }
      },
      readTopicId: async () => (await admin.readTopicIds([topic])).get(topic),
    }),
  })
}

const valuesOf = (records: RecordViews): readonly (Buffer | null)[] => {
  const values: (Buffer | null)[] = []
  records.forEach(({ value }) => values.push(value))
  return values
}
