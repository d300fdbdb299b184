import { SettingsError } from '@kafka-etl/common'
import type { GroupDescription, GroupMember } from '@kafka-etl/kafka'
import type { UnreadInput } from './input-progress.js'

/** The prefix of the client ids of ETLs. */
const etlClient = 'etl-'

/**
 * Explains in a sentence why another instance does not read its partition, if waiting may help: that instance ends by
 * itself, or the group is about to rebalance. Throws a {@link SettingsError} if only a person can help, and another
 * error if restarting this instance may help.
 */
export const explainUnread = (input: UnreadInput, groupId: string, group: GroupDescription): string => {
  const { topic, partition, committed, waitingMs } = input
  const unread = `${topic}/${partition} has lag, and its committed offset ${committed ?? '(none)'} has not moved for ${Math.round(waitingMs / 1000)} s`
  if (group.state !== 'Stable') return `${unread}: the group ${groupId} rebalances`
  const foreign = group.members.filter(({ clientId }) => !clientId.startsWith(etlClient))
  if (foreign.length > 0) {
    throw new SettingsError(
      `${unread}: the group ${groupId} has members that are not ETLs: ${foreign.map(nameOf).join(', ')}; stop them, or give them or the ETL another group (ETL_GROUP_ID)`,
    )
  }
  const reader = group.members.find(({ assignment }) => assignment[topic]?.includes(partition))
  if (reader === undefined) throw new Error(`no progress: ${unread}: no member of the group ${groupId} reads it`)
  return `${unread}: ${nameOf(reader)} of the group ${groupId} should read it`
}

const nameOf = ({ clientId, host }: GroupMember): string => `${clientId} (${host})`
