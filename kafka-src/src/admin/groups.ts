import kafkajs, { type Admin, type MemberDescription } from 'kafkajs'

export type GroupMember = {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  /** By topic; of nothing while the group rebalances, or if the member is of another kind. */
  readonly assignment: Readonly<Record<string, readonly number[]>>
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
  { memberId, clientId, clientHost, memberAssignment }: MemberDescription,
  protocolType: string,
): GroupMember => ({
  memberId,
  clientId,
  host: clientHost.replace(/^\//, ''),
  assignment: protocolType === 'consumer' ? decodeAssignment(memberAssignment) : {},
})

// A member has no assignment while the group rebalances.
const decodeAssignment = (assignment: Buffer): GroupMember['assignment'] =>
  // Node finds no named export of this name in KafkaJS, a CommonJS package.
  (assignment.length > 0 ? kafkajs.AssignerProtocol.MemberAssignment.decode(assignment) : null)?.assignment ?? {}
