import { printable } from '@kafka-etl/common'
import type { GroupMember } from '@kafka-etl/kafka'
import { partitionKey } from './topics.js'

/** `topic/partition` of all that is assigned to the member. */
export const partitionsOf = ({ assignment }: GroupMember): readonly string[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => partitionKey({ topic, partition })),
  )

/** `etl-4711 (127.0.0.1): timezone1/0, timezone2/0`, one after the other. Anybody may join under any name. */
export const listMembers = (members: readonly GroupMember[]): string =>
  members
    .map((member) => {
      const { clientId, host } = member
      return `${printable(clientId)} (${printable(host)}): ${partitionsOf(member).join(', ') || 'no partition'}`
    })
    .join('; ')

/** A member as `--json` shows it. */
export const memberToJson = (member: GroupMember): unknown => {
  const { clientId, host } = member
  return { clientId, host, partitions: partitionsOf(member) }
}
