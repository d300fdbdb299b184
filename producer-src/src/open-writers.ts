import { ensureTopics, type PartitionCounts } from '@kafka-etl/kafka'
import { needsOfPipeline } from '@kafka-etl/pipeline'
import type { ProducerContext } from './producer-context.js'
import { positionGroupOf, transactionalIdOf } from './stream-position.js'
import type { Stream } from './stream/stream.js'
import { openTopicWriter, type TopicWriter } from './topic-writer.js'

/** Creates the missing topics of the pipeline. */
export const prepareTopics = async ({ kafka, logger, pipeline }: ProducerContext): Promise<PartitionCounts> => {
  const admin = await kafka.connectAdmin()
  try {
    return await ensureTopics(admin, needsOfPipeline(pipeline.definition, pipeline.names), logger)
  } finally {
    await admin.close()
  }
}

/**
 * Opens the writers one after the other, in the order of the stream: of two producers that start together, the same one
 * soon wins all topics.
 */
export const openWriters = async (
  { kafka, clock, logger, settings, pipeline }: ProducerContext,
  { id, topics }: Stream,
  stallMs: number,
): Promise<readonly TopicWriter[]> => {
  const { name } = pipeline.definition
  const groupId = positionGroupOf(name, settings.seed, id)
  const writers: TopicWriter[] = []
  for (const { name: topic } of topics) {
    const transactionalId = transactionalIdOf(name, topic)
    writers.push(await openTopicWriter({ kafka, clock, logger, transactionalId, groupId, topic, stallMs }))
  }
  return writers
}
