import type { Admin } from 'kafkajs'

/**
 * The id of the group's member that has this client id: what a process with a client id of its own was before it was
 * killed. A consumer that joins under it (patches/README.md) takes its place at once; any other has to wait until the
 * broker has missed the dead member for the session timeout. KafkaJS has no static membership (KIP-345).
 */
export const findFormerMember = async (
  admin: Admin,
  groupId: string,
  clientId: string,
): Promise<string | undefined> => {
  const { groups } = await admin.describeGroups([groupId])
  return groups.flatMap(({ members }) => members).find((member) => member.clientId === clientId)?.memberId
}
