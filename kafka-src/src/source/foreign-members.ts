import { SettingsError, type Clock } from '@kafka-etl/common'
import type { Kafka as Client } from 'kafkajs'
import type { GroupDescription } from '../admin/groups.js'
import { connectAdmin } from '../admin/kafka-admin.js'
import { hasType } from '../errors/kafka-errors.js'

/**
 * Explains why a consumer may not join its group, with what was expected and the remedy: a member shares the partitions
 * by another protocol, or the broker does not allow the session timeout. Gives a {@link SettingsError}, since a restart
 * does not help. Any other error is returned unchanged.
 */
export const explainRefusedMember = async (
  error: unknown,
  groupId: string,
  { client, clock, sessionTimeoutMs }: Joining,
): Promise<unknown> => {
  if (hasType(error, ['INVALID_SESSION_TIMEOUT'])) {
    return new SettingsError(describeSessionTimeout(sessionTimeoutMs), { cause: error })
  }
  if (!hasType(error, ['INCONSISTENT_GROUP_PROTOCOL'])) return error
  const group = await describeGroup(client, clock, groupId).catch(() => undefined)
  return new SettingsError(describeRefusal(groupId, group), { cause: error })
}

type Joining = { readonly client: Client; readonly clock: Clock; readonly sessionTimeoutMs: number }

const describeSessionTimeout = (sessionTimeoutMs: number): string =>
  `KAFKA_SESSION_TIMEOUT_MS: expected milliseconds within the limits of the broker (its group.min.session.timeout.ms and group.max.session.timeout.ms: 6000 and 1800000 unless set), got ${sessionTimeoutMs}`

export const describeRefusal = (groupId: string, group: GroupDescription | undefined): string => {
  const members = group?.members.map(({ clientId, host }) => `${clientId} (${host})`) ?? []
  const who = members.length === 0 ? 'a member' : members.join(', ')
  const how = group?.protocol ? `, which share partitions by ${group.protocol}` : ''
  return `the consumer group ${groupId} has consumers of another kind: ${who}${how}; stop them, or give this service a group of its own`
}

const describeGroup = async (client: Client, clock: Clock, groupId: string): Promise<GroupDescription> => {
  const admin = await connectAdmin(client, clock, { retries: 1 })
  try {
    return await admin.describeGroup(groupId)
  } finally {
    await admin.close().catch(() => undefined)
  }
}
