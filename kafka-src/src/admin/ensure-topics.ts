import type { Logger } from '@kafka-etl/common'
import { causesOf, typeOf } from '../errors/kafka-errors.js'
import type { KafkaAdmin } from './kafka-admin.js'
import { planTopics, type PartitionCounts, type TopicNeeds } from './topics.js'

type TopicsAdmin = Pick<KafkaAdmin, 'readPartitionCounts' | 'awaitPartitionCounts' | 'createTopics' | 'growTopic'>

/**
 * Creates the topics that are missing and grows those that have too few partitions; whichever service comes first
 * does it, and a race between two of them does no harm.
 */
export const ensureTopics = async (admin: TopicsAdmin, needs: TopicNeeds, logger: Logger): Promise<PartitionCounts> => {
  const existing = await admin.readPartitionCounts(needs.topics)
  const plan = planTopics(needs.plan(existing), existing)
  const isDone = plan.create.length === 0 && plan.grow.length === 0
  if (isDone && needs.topics.every((topic) => existing.has(topic))) return existing
  if (plan.create.length > 0) {
    const isCreated = await admin.createTopics(plan.create)
    if (isCreated) logger.info({ topics: plan.create }, 'created topics')
  }
  for (const { topic, count } of plan.grow) await growTopic(admin, topic, count, logger)
  return admin.awaitPartitionCounts(needs.topics, new Map(plan.grow.map(({ topic, count }) => [topic, count])))
}

const growTopic = async (admin: TopicsAdmin, topic: string, count: number, logger: Logger): Promise<void> => {
  try {
    await admin.growTopic(topic, count)
    logger.info({ topic, partitions: count }, 'grew a topic')
  } catch (error) {
    // Another service was faster, and not every part of the broker may know it yet.
    if (causesOf(error).some((cause) => typeOf(cause) === 'INVALID_PARTITIONS')) return
    const counts = await admin.readPartitionCounts([topic])
    if ((counts.get(topic) ?? 0) < count) throw error
  }
}
