import type { KafkaAdmin, RecordViews, RunMemory } from '@kafka-etl/kafka'
import {
  fastPathOf,
  framesOf,
  transactionalIdOf,
  type AnyDefinition,
  type ConnectedDefinition,
  type Source,
  type Topic,
  type Topology,
} from '@kafka-etl/pipeline'
import { readPosition } from './committed-offset.js'
import { createConvertBatch } from './convert-batch.js'
import type { EtlContext } from './etl-context.js'
import type { StartPosition } from './judge-position.js'
import type { EtlMetrics } from './metrics.js'
import type { PartitionWriter } from './opened-partition.js'
import { largestValueBytes, type OutputLimits } from './output-limits.js'
import { ensurePipelineTopics } from './pipeline-topics.js'
import { restoreState } from './restore-state.js'
import { findSource, routeOf } from './route.js'
import { convertWatched, type StepProgress } from './step-watchdog.js'
import { createUpdateHold, type UpdateHold } from './update-hold.js'

/** What the writers of all input partitions share. */
export type WriterParts = {
  readonly admin: KafkaAdmin
  readonly metrics: EtlMetrics
  readonly limits: OutputLimits
  readonly memory: RunMemory
  /** Positions as they were before this process wrote an output. */
  readonly starts: readonly StartPosition[]
  readonly prepareOf: ConnectedDefinition['prepareOf']
}

/** Opens what an input partition is converted and written with: its steps, its sink and its position in the group. */
export const openWriter = async (
  context: EtlContext,
  parts: WriterParts,
  topic: string,
  partition: number,
): Promise<PartitionWriter> => {
  const { settings, clock, kafka, logger, crashPoint } = context
  const { definition } = context.pipeline
  const { groupId } = settings
  const { admin, limits, starts } = parts
  // Input topics may have grown since the start, and the outputs have to grow with them.
  const topology = await ensurePipelineTopics(context, admin)
  const source = findSource(topology, topic)
  const definedTopic = topicOf(definition, source)
  const { updates } = definedTopic
  const convert = createConvert(context, parts, topology, source, partition)
  parts.metrics.writerOpened(topic)
  const sink = await kafka.openTransactionalSink({
    transactionalId: transactionalIdOf(groupId, topic, partition),
    crashPoint: (name) => crashPoint(`etl.${name}`),
  })
  const prepare = parts.prepareOf(source.alias)
  return {
    sink,
    prepare: prepare && ((records) => prepare(framesIn(definedTopic, records))),
    convert,
    hold: updates === undefined ? undefined : createHold(`${topic} partition ${partition}`, updates, settings),
    restoreState: (start) => restoreState({ admin, logger, topic: definedTopic }, start),
    maxValueBytes: largestValueBytes(limits),
    readPosition: () => {
      const route = routeOf(definition, topology, topic, partition)
      return readPosition({ admin, clock, groupId, pipeline: definition.name, route, earlier: starts })
    },
  }
}

const topicOf = (definition: AnyDefinition, { alias }: Source): AnyDefinition['topics'][string] => {
  const topic = definition.topics[alias]
  if (!topic) throw new Error(`expected the topic ${alias} in the definition, found none`)
  return topic
}

/** Creates the function that converts batches of an input partition and terminates steps that do not return. */
const createConvert = (
  { pipeline: { definition }, settings: { stepSeconds }, clock }: EtlContext,
  { limits, memory }: WriterParts,
  topology: Topology,
  source: Source,
  partition: number,
): PartitionWriter['convert'] => {
  const options = { definition, topology, source, partition, limits, memory }
  const step = definition.steps[source.alias]
  // A step with a fast path is too frequent and too short to be watched; an update's step has no record of its own.
  const isWatched =
    step !== undefined && fastPathOf(step) === undefined && topicOf(definition, source).updates === undefined
  if (!isWatched) {
    const convert = createConvertBatch(options)
    return (records, batch) => convert(records, { ...batch, handledAtMs: clock.epochMs() })
  }
  const progress: StepProgress = { offset: 0, startedMs: 0 }
  const onStep = (offset: number): void => {
    progress.offset = offset
    progress.startedMs = clock.monotonicMs()
  }
  const convert = createConvertBatch({ ...options, onStep })
  const watched = { topic: source.topic, partition, stepSeconds, monotonicMs: clock.monotonicMs, progress }
  return (records, batch) => convertWatched(watched, () => convert(records, { ...batch, handledAtMs: clock.epochMs() }))
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

const framesIn = (topic: Topic<unknown>, records: RecordViews): readonly (Buffer | null)[] => {
  const frames: (Buffer | null)[] = []
  records.forEach((record) => frames.push(...framesOf(topic, record)))
  return frames
}
