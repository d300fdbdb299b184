import type { Admin } from 'kafkajs'
import { readApiVersions } from '../requests/api-versions.js'
import { metadata, readMetadata, type TopicMetadata } from '../requests/metadata.js'
import type { PartitionCounts, TopicDescription } from './topics.js'

export type DescribeTopics = (topics: readonly string[]) => Promise<readonly TopicDescription[]>

/** Creates a function that describes topics. Topics that do not exist, or that this user may not see, are absent. */
export const createDescribeTopics = (admin: Admin): DescribeTopics => {
  let knowsIds: Promise<boolean> | undefined
  return async (topics) => {
    if (topics.length === 0) return []
    knowsIds ??= supportsMetadata(admin)
    const isKnown = await knowsIds.catch((error: unknown) => {
      knowsIds = undefined
      throw error
    })
    const described = isKnown ? await describeWithIds(admin, topics) : await describeWithoutIds(admin, topics)
    return described.map(({ partitions, ...topic }) => ({
      ...topic,
      partitions: partitions.toSorted((one, other) => one.partition - other.partition),
    }))
  }
}

const supportsMetadata = async (admin: Admin): Promise<boolean> =>
  (await readApiVersions(admin)).some(
    ({ apiKey, maxVersion }) => apiKey === metadata.apiKey && maxVersion >= metadata.apiVersion,
  )

const noError = 0
const leaderNotAvailable = 5

const describeWithIds = async (admin: Admin, topics: readonly string[]): Promise<readonly TopicDescription[]> => {
  const answers = await readMetadata(admin, topics)
  const [being] = answers.filter(({ errorCode }) => errorCode === leaderNotAvailable)
  if (being !== undefined) throw leaderlessError(being.topic)
  return answers.filter(({ errorCode }) => errorCode === noError).map(toDescription)
}

const toDescription = ({ topic, id, partitions }: TopicMetadata): TopicDescription => ({
  topic,
  id,
  partitions: partitions.map(({ leaderId, ...partition }) => ({
    ...partition,
    leaderId: leaderId < 0 ? undefined : leaderId,
  })),
})

const describeWithoutIds = async (admin: Admin, topics: readonly string[]): Promise<readonly TopicDescription[]> => {
  // Asking for a missing topic could create it.
  const present = new Set(await admin.listTopics())
  const wanted = topics.filter((topic) => present.has(topic))
  if (wanted.length === 0) return []
  const described = await admin.fetchTopicMetadata({ topics: wanted })
  return described.topics.map(({ name, partitions }) => ({
    topic: name,
    id: undefined,
    partitions: partitions.map(({ partitionId, leader, replicas, isr }) => ({
      partition: partitionId,
      leaderId: leader < 0 ? undefined : leader,
      replicaIds: replicas,
      inSyncIds: isr,
    })),
  }))
}

/** How many partitions each topic has. Rejects while a partition has no leader, as in a topic that is being created. */
export const countPartitions = async (describe: DescribeTopics, topics: readonly string[]): Promise<PartitionCounts> =>
  new Map(
    (await describe(topics)).map(({ topic, partitions }) => {
      if (partitions.some(({ leaderId }) => leaderId === undefined)) throw leaderlessError(topic)
      return [topic, partitions.length]
    }),
  )

export const leaderlessError = (topic: string): Error =>
  Object.assign(new Error(`expected each partition of ${topic} to have a leader, found one without`), {
    type: 'LEADER_NOT_AVAILABLE',
  })
