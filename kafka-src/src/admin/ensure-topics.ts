import type { Logger } from '@kafka-etl/common'
import { causesOf, typeOf } from '../errors/kafka-errors.js'
import type { KafkaAdmin } from './kafka-admin.js'
import { planTopics, type PartitionCounts, type TopicNeeds } from './topics.js'

type TopicsAdmin = Pick<KafkaAdmin, 'readPartitionCounts' | 'awaitPartitionCounts' | 'createTopics' | 'growTopic'>

/**
 * Creates the missing topics and grows those with too few partitions. The first service to start does this; a race
 * between two services does no harm.
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
    // Another service was faster, and some brokers may not know about it yet.
    if (causesOf(error).some((cause) => typeOf(cause) === 'INVALID_PARTITIONS')) return
    const counts = await admin.readPartitionCounts([topic])
    if ((counts.get(topic) ?? 0) < count) throw error
  }
}
