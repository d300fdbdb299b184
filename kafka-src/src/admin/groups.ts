import kafkajs, { type Admin, type MemberDescription } from 'kafkajs'
import { readMemberPipeline } from '../source/member-pipeline.js'

export type GroupMember = {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  /** The assigned partitions by topic. Empty while the group rebalances, or if the member is of another kind. */
  readonly assignment: Readonly<Record<string, readonly number[]>>
  /** The topics that the member subscribes to. Empty if the member is of another kind. */
  readonly subscribedTopics: readonly string[]
  /** The pipeline that the member has announced to the group; undefined: none. */
  readonly pipeline?: string | undefined
}

/** A group. Its `state` is Kafka's: Stable, PreparingRebalance, CompletingRebalance, Empty, or Dead (no such group). */
export type GroupDescription = {
  readonly state: string
  /** `consumer` for consumers; empty for a group without members. */
  readonly protocolType: string
  /** How the members share the partitions: `RoundRobinAssigner` for this suite. Empty while the group rebalances. */
  readonly protocol: string
  readonly members: readonly GroupMember[]
}

/** Describes the group and its current members. */
export const describeGroup = async (admin: Admin, groupId: string): Promise<GroupDescription> => {
  const { groups } = await admin.describeGroups([groupId])
  const [group] = groups
  if (!group) throw new Error(`expected a description of the group ${groupId}, got none`)
  const { state, protocolType, protocol, members } = group
  return { state, protocolType, protocol, members: members.map((member) => toMember(member, protocolType)) }
}

const toMember = (
  { memberId, clientId, clientHost, memberAssignment, memberMetadata }: MemberDescription,
  protocolType: string,
): GroupMember => ({
  memberId,
  clientId,
  host: clientHost.replace(/^\//, ''),
  assignment: protocolType === 'consumer' ? decodeAssignment(memberAssignment) : {},
  subscribedTopics: protocolType === 'consumer' ? decodeSubscription(memberMetadata) : [],
  pipeline: protocolType === 'consumer' ? decodePipeline(memberMetadata) : undefined,
})

// KafkaJS is a CommonJS package, and Node does not find a named export for this.
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

// A member has no assignment and no metadata while the group rebalances.
const decodeAssignment = (assignment: Buffer): GroupMember['assignment'] =>
  (assignment.length > 0 ? MemberAssignment.decode(assignment) : null)?.assignment ?? {}

const decodeSubscription = (metadata: Buffer): readonly string[] =>
  (metadata.length > 0 ? MemberMetadata.decode(metadata) : null)?.topics ?? []

const decodePipeline = (metadata: Buffer): string | undefined =>
  metadata.length > 0 ? readMemberPipeline(MemberMetadata.decode(metadata)?.userData) : undefined

/**
 * The partitions that no member reads. They are assigned to nobody, or to a member that does not subscribe to the topic
 * and drops them. If the group is not `Stable`, assignments are unknown, and this lists all partitions.
 */
export const listUnreadPartitions = (
  { members }: GroupDescription,
  partitionCounts: ReadonlyMap<string, number>,
): readonly { readonly topic: string; readonly partition: number }[] =>
  [...partitionCounts].flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })).filter(
      ({ partition }) =>
        !members.some(
          ({ assignment, subscribedTopics }) =>
            subscribedTopics.includes(topic) && assignment[topic]?.includes(partition) === true,
        ),
    ),
  )
