import type { Admin } from 'kafkajs'

/**
 * Finds the id of the group member with this client id: the member that a process with a unique client id was before it
 * was killed. A consumer that joins with this id (patches/README.md) takes its place at once. Any other consumer has to
 * wait for the session timeout of the dead member. KafkaJS has no static membership (KIP-345).
 */
export const findFormerMember = async (
  admin: Admin,
  groupId: string,
  clientId: string,
): Promise<string | undefined> => {
  const { groups } = await admin.describeGroups([groupId])
  return groups.flatMap(({ members }) => members).find((member) => member.clientId === clientId)?.memberId
}
