import { printable } from '@kafka-etl/common'
import { listUnreadPartitions, type GroupDescription, type GroupMember } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { listMembers, partitionsOf } from '../members.js'
import { inputTopics, partitionKey } from '../topics.js'
import type { Check } from './check.js'

/** Who reads the inputs, and whether all of them are read. */
export const checkGroup = async ({ admin, settings, pipeline }: ConnectedContext): Promise<readonly Check[]> => {
  const counts = await admin.readPartitionCounts(inputTopics(pipeline))
  return judgeGroup(settings.groupId, await admin.describeGroup(settings.groupId), counts)
}

/** `partitionCounts`: the number of partitions of each input topic. */
export const judgeGroup = (
  groupId: string,
  group: GroupDescription,
  partitionCounts: ReadonlyMap<string, number>,
): readonly Check[] => {
  const { state, members } = group
  const foreign = findForeignKind(group)
  if (foreign !== undefined) return [warnOfKind(groupId, foreign, members)]
  switch (state) {
    case 'Stable':
      return [
        { name: 'group', status: 'ok', message: `${groupId} is stable, ${listMembers(members)}` },
        ...listUnread(group, partitionCounts),
      ]
    case 'PreparingRebalance':
    case 'CompletingRebalance':
      return [
        {
          name: 'group',
          status: 'warn',
          message: `${groupId} is rebalancing, ${members.length} members`,
          advice: 'check again in a few seconds; if this does not stop, an ETL keeps restarting: see its log',
        },
      ]
    default:
      return [
        {
          name: 'group',
          status: 'warn',
          message: `${groupId} has no member: no ETL is running`,
          advice: 'start it (make up, or npm run etl)',
        },
      ]
  }
}

/** How ETLs share partitions. A group that uses another protocol admits no ETL. */
const ownProtocol = 'RoundRobinAssigner'

const findForeignKind = ({ protocolType, protocol, members }: GroupDescription): string | undefined => {
  if (members.length === 0) return undefined
  if (protocolType !== '' && protocolType !== 'consumer') return `members of kind ${protocolType}`
  return protocol !== '' && protocol !== ownProtocol ? `consumers that share partitions by ${protocol}` : undefined
}

const warnOfKind = (groupId: string, kind: string, members: readonly GroupMember[]): Check => ({
  name: 'group',
  status: 'fail',
  message: `${groupId} has ${printable(kind)}, which no ETL can join: ${listMembers(members)}`,
  advice: 'stop them, or give the ETL a group of its own (ETL_GROUP_ID)',
})

const listUnread = (group: GroupDescription, partitionCounts: ReadonlyMap<string, number>): readonly Check[] => {
  const unread = listUnreadPartitions(group, partitionCounts)
  if (unread.length === 0) return []
  return [
    {
      name: 'group',
      status: 'fail',
      message: `no member reads ${unread.map((partition) => describeUnread(partition, group.members)).join(', ')}`,
      advice:
        'the members differ in INPUTS, or one of them is not an ETL: stop all of them, give them the same INPUTS, start them again',
    },
  ]
}

type Partition = { readonly topic: string; readonly partition: number }

const isAssigned = (member: GroupMember, partition: Partition): boolean =>
  partitionsOf(member).includes(partitionKey(partition))

const describeUnread = (partition: Partition, members: readonly GroupMember[]): string => {
  const owner = members.find((member) => isAssigned(member, partition))
  const why = owner ? `given to ${printable(owner.clientId)}, which has not subscribed to it` : 'given to none'
  return `${partitionKey(partition)} (${why})`
}
