import { printable } from '@kafka-etl/common'
import type { GroupMember } from '@kafka-etl/kafka'
import { partitionKey } from './topics.js'

/** All partitions assigned to the member, as `topic/partition`. */
export const partitionsOf = ({ assignment }: GroupMember): readonly string[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => partitionKey({ topic, partition })),
  )

/** `etl-4711 (127.0.0.1): timezone1/0, timezone2/0`, joined into one text. Members may have any name. */
export const listMembers = (members: readonly GroupMember[]): string =>
  members
    .map((member) => {
      const { clientId, host } = member
      return `${printable(clientId)} (${printable(host)}): ${partitionsOf(member).join(', ') || 'no partition'}`
    })
    .join('; ')

/** A member for `--json`. */
export const memberToJson = (member: GroupMember): unknown => {
  const { clientId, host } = member
  return { clientId, host, partitions: partitionsOf(member) }
}
