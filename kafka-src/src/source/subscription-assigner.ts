import kafkajs, { type Cluster, type GroupMember, type GroupMemberAssignment, type PartitionAssigner } from 'kafkajs'
import { formatMemberPipeline } from './member-pipeline.js'

// KafkaJS is a CommonJS package, and Node does not find a named export for this.
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

type Partition = { readonly topic: string; readonly partition: number }

/** The topics that the members of a group subscribe to, by member. */
export type Subscriptions = ReadonlyMap<string, readonly string[]>

/**
 * Assigns each partition to one of the members that subscribe to its topic: the member with the fewest partitions so
 * far, or the first of these by name. Nobody gets a topic that nobody subscribes to.
 */
export const assignPartitions = (
  subscriptions: Subscriptions,
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly Partition[]> => {
  const assigned = new Map([...subscriptions.keys()].sort().map((memberId): [string, Partition[]] => [memberId, []]))
  for (const [topic, count] of [...partitionCounts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const subscribers = [...assigned].filter(([memberId]) => subscriptions.get(memberId)?.includes(topic))
    for (let partition = 0; partition < count; partition++) {
      const [first, ...others] = subscribers.map(([, partitions]) => partitions)
      if (first === undefined) break
      others
        .reduce((fewest, other) => (other.length < fewest.length ? other : fewest), first)
        .push({ topic, partition })
    }
  }
  return assigned
}

/**
 * Replaces KafkaJS's assigner. That one assigns the leader's topics to all members, each of which drops topics that it
 * does not subscribe to, and assigns topics of other members to nobody. The name is the same: members with either
 * assigner can share a group. `pipeline` is what this member announces to the others.
 */
export const createSubscriptionAssigner =
  (pipeline: string | undefined): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'RoundRobinAssigner',
    version: 0,
    assign: async ({ members }) => {
      const subscriptions = new Map(members.map((member) => [member.memberId, topicsOf(member)]))
      const topics = [...new Set([...subscriptions.values()].flat())]
      const assigned = assignPartitions(subscriptions, await countPartitions(cluster, topics))
      return [...assigned].map(([memberId, partitions]) => encode(memberId, partitions))
    },
    protocol: ({ topics }) => ({
      name: 'RoundRobinAssigner',
      metadata: MemberMetadata.encode({ version: 0, topics, userData: formatMemberPipeline(pipeline) }),
    }),
  })

const topicsOf = ({ memberMetadata }: GroupMember): readonly string[] =>
  MemberMetadata.decode(memberMetadata)?.topics ?? []

/** Counts the partitions of topics that exist and that this member may see. A topic of another member may be gone. */
const countPartitions = async (cluster: Cluster, topics: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  for (const topic of topics) {
    // One topic at a time, since a missing one fails the others with it.
    const isKnown = await cluster.addMultipleTargetTopics([topic]).then(
      () => true,
      () => false,
    )
    const { length } = isKnown ? cluster.findTopicPartitionMetadata(topic) : []
    if (length > 0) counts.set(topic, length)
  }
  return counts
}

const encode = (memberId: string, partitions: readonly Partition[]): GroupMemberAssignment => {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
  const assignment = Object.fromEntries(
    [...byTopic].map(([topic, of]) => [topic, of.map(({ partition }) => partition)]),
  )
  return { memberId, memberAssignment: MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) }) }
}
