import kafkajs, { type Admin, type MemberDescription } from 'kafkajs'
import { readMemberPipeline } from '../source/member-pipeline.js'

export type GroupMember = {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  /** By topic; of nothing while the group rebalances, or if the member is of another kind. */
  readonly assignment: Readonly<Record<string, readonly number[]>>
  /** What it wants to read; nothing if the member is of another kind. */
  readonly subscribedTopics: readonly string[]
  /** What it has told the group to read for; undefined: nothing. */
  readonly pipeline?: string | undefined
}

/** `state` as Kafka calls it: Stable, PreparingRebalance, CompletingRebalance, Empty, Dead (there is no such group). */
export type GroupDescription = {
  readonly state: string
  /** `consumer` for consumers; empty for a group without members. */
  readonly protocolType: string
  /** How the members share the partitions, `RoundRobinAssigner` for this suite's; empty while the group rebalances. */
  readonly protocol: string
  readonly members: readonly GroupMember[]
}

/** Who is in the group now. */
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

// Node finds no named export of this name in KafkaJS, a CommonJS package.
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

// A member has neither while the group rebalances.
const decodeAssignment = (assignment: Buffer): GroupMember['assignment'] =>
  (assignment.length > 0 ? MemberAssignment.decode(assignment) : null)?.assignment ?? {}

const decodeSubscription = (metadata: Buffer): readonly string[] =>
  (metadata.length > 0 ? MemberMetadata.decode(metadata) : null)?.topics ?? []

const decodePipeline = (metadata: Buffer): string | undefined =>
  metadata.length > 0 ? readMemberPipeline(MemberMetadata.decode(metadata)?.userData) : undefined

/**
 * The partitions that no member reads: given to none, or to one that has not subscribed to the topic and drops them.
 * Of a group that is not `Stable` nothing can be said yet: all of them.
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
