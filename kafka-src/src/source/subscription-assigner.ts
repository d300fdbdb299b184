import kafkajs, { type Cluster, type GroupMember, type GroupMemberAssignment, type PartitionAssigner } from 'kafkajs'
import { formatMemberPipeline } from './member-pipeline.js'

// Node finds no named export of this name in KafkaJS, a CommonJS package.
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

type Partition = { readonly topic: string; readonly partition: number }

/** What the members of a group have subscribed to, by member. */
export type Subscriptions = ReadonlyMap<string, readonly string[]>

/**
 * Gives each partition to one of the members that have subscribed to its topic, in turns: the member that has the
 * fewest so far, the first by name of those. A topic that nobody has subscribed to is given to nobody.
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
 * KafkaJS's own assigner gives the leader's topics to all members, each of which drops what it has not subscribed to,
 * and nobody those that only others have. The name is the same: members with either can share a group. `pipeline` is what
 * the member tells the others to read for.
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

/** Of those that this member may see and that exist; another member's topic may be no more. */
const countPartitions = async (cluster: Cluster, topics: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  for (const topic of topics) {
    // Each by itself, since one that is not there takes the others with it.
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
