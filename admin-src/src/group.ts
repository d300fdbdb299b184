import kafkajs, { type Admin, type MemberDescription } from 'kafkajs'
import { partitionKey } from './log-range.js'

export type GroupMember = {
  readonly clientId: string
  readonly host: string
  /** `topic/partition` of what is assigned to it. */
  readonly partitions: readonly string[]
}

/** `state` as Kafka calls it: Stable, PreparingRebalance, CompletingRebalance, Empty, Dead (there is no such group). */
export type GroupDescription = { readonly state: string; readonly members: readonly GroupMember[] }

/** Who is in the group now. */
export const describeGroup = async (admin: Admin, groupId: string): Promise<GroupDescription> => {
  const { groups } = await admin.describeGroups([groupId])
  const [group] = groups
  if (!group) throw new Error(`expected a description of the group ${groupId}, got none`)
  return { state: group.state, members: group.members.map(toMember) }
}

const toMember = ({ clientId, clientHost, memberAssignment }: MemberDescription): GroupMember => ({
  clientId,
  host: clientHost.replace(/^\//, ''),
  partitions: partitionsOf(memberAssignment),
})

// A member has no assignment while the group rebalances.
const partitionsOf = (assignment: Buffer): readonly string[] => {
  // Node finds no named export of this name in KafkaJS, a CommonJS package.
  const decoded = assignment.length > 0 ? kafkajs.AssignerProtocol.MemberAssignment.decode(assignment) : null
  return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
    partitions.map((partition) => partitionKey({ topic, partition })),
  )
}

/** The group's committed offsets by `topic/partition`; partitions without one are absent. */
export const readCommittedOffsets = async (
  admin: Admin,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, bigint>> => {
  const answers = await admin.fetchOffsets({ groupId, topics: [...topics] })
  // KafkaJS asks for no partition at all of a topic that its metadata lost; that must not look like no offset.
  const unanswered = topics.filter(
    (topic) => !answers.some((answer) => answer.topic === topic && answer.partitions.length > 0),
  )
  if (unanswered.length > 0) throw new Error(`expected offsets of ${unanswered.join(' and ')}, got no answer`)
  return new Map(
    answers.flatMap(({ topic, partitions }) =>
      partitions
        .filter(({ offset }) => offset !== '-1')
        .map(({ partition, offset }) => [partitionKey({ topic, partition }), BigInt(offset)] as const),
    ),
  )
}

/** `etl-4711 (127.0.0.1): timezone1/0, timezone2/0`, one after the other. */
export const listMembers = (members: readonly GroupMember[]): string =>
  members
    .map(({ clientId, host, partitions }) => `${clientId} (${host}): ${partitions.join(', ') || 'no partition'}`)
    .join('; ')
