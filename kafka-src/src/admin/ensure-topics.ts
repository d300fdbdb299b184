import type { Logger } from '@kafka-etl/common'
import type { KafkaAdmin } from './kafka-admin.js'
import { planTopics, repeatWhileBeingMade, type PartitionCounts, type TopicNames } from './topics.js'

type TopicsAdmin = Pick<KafkaAdmin, 'readPartitionCounts' | 'createTopics' | 'growTopic'>

/**
 * Creates the topics that are missing and grows those that have too few partitions; whichever service comes first
 * does it, and a race between two of them does no harm. Topics get the broker's default replication factor.
 */
export const ensureTopics = async (admin: TopicsAdmin, names: TopicNames, logger: Logger): Promise<PartitionCounts> => {
  const all = [...names.inputs.map(({ topic }) => topic), names.outputTopic, names.deadLetterTopic]
  const plan = planTopics(names, await admin.readPartitionCounts(all))
  if (plan.create.length > 0) {
    const isCreated = await repeatWhileBeingMade(() => admin.createTopics(plan.create))
    if (isCreated) logger.info({ topics: plan.create }, 'created topics')
  }
  for (const { topic, count } of plan.grow) await growTopic(admin, topic, count, logger)
  return repeatWhileBeingMade(() => askAllPartitionCounts(admin, all))
}

/** Who lost the race to create a topic may look before any of the broker's answers knows of it. */
const askAllPartitionCounts = async (admin: TopicsAdmin, topics: readonly string[]): Promise<PartitionCounts> => {
  const counts = await admin.readPartitionCounts(topics)
  const missing = topics.filter((topic) => !counts.has(topic))
  if (missing.length === 0) return counts
  const error = new Error(`expected the topics ${topics.join(', ')}, got none called ${missing.join(', ')}`)
  throw Object.assign(error, { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
}

const growTopic = async (admin: TopicsAdmin, topic: string, count: number, logger: Logger): Promise<void> => {
  try {
    await admin.growTopic(topic, count)
    logger.info({ topic, partitions: count }, 'grew a topic')
  } catch (error) {
    // Another service may have been faster.
    const counts = await admin.readPartitionCounts([topic])
    if ((counts.get(topic) ?? 0) < count) throw error
  }
}
