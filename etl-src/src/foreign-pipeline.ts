import { SettingsError } from '@kafka-etl/common'
import { parseCommittedMetadata, type CommittedOffset, type GroupMember, type KafkaAdmin } from '@kafka-etl/kafka'

export type GroupUse = {
  readonly groupId: string
  /** The pipeline that wants to use the group. */
  readonly pipeline: string
  readonly members: readonly Pick<GroupMember, 'clientId' | 'host' | 'pipeline'>[]
  readonly offsets: readonly CommittedOffset[]
}

/**
 * Throws a {@link SettingsError} if the group belongs to another pipeline: the two would share members and
 * transactional ids, and one would continue where the other stopped. Members and offsets without a pipeline's name are
 * accepted, and topics do not matter: the inputs of a pipeline may change while its instances are replaced one after
 * another.
 */
export const refuseForeignGroup = async (
  admin: Pick<KafkaAdmin, 'describeGroup' | 'readAllCommittedOffsets'>,
  { groupId, pipeline }: Pick<GroupUse, 'groupId' | 'pipeline'>,
): Promise<void> => {
  // Offsets first: on a new connection, KafkaJS describes a group only at the second attempt, after 100 ms.
  const offsets = await admin.readAllCommittedOffsets(groupId)
  const { members } = await admin.describeGroup(groupId)
  const fault = describeForeignUse({ groupId, pipeline, members, offsets })
  if (fault !== undefined) throw new SettingsError(fault)
}

/** What in the group belongs to another pipeline, as a sentence with the remedy; undefined: nothing. */
export const describeForeignUse = ({ groupId, pipeline, members, offsets }: GroupUse): string | undefined => {
  const isForeign = (other: string | undefined): other is string => other !== undefined && other !== pipeline
  const foreignMembers = members.flatMap(({ clientId, host, pipeline: other }) =>
    isForeign(other) ? [`the member ${clientId} (${host}) of ${other}`] : [],
  )
  const foreignOffsets = offsets.flatMap(({ topic, metadata }) => {
    const { pipeline: other } = parseCommittedMetadata(metadata)
    return isForeign(other) ? [`committed offsets of ${other} in ${topic}`] : []
  })
  const found = [...new Set([...foreignMembers, ...foreignOffsets])]
  if (found.length === 0) return undefined
  return `ETL_GROUP_ID: expected a consumer group without members or offsets of pipelines other than ${pipeline}, got ${groupId}, which has ${found.join(', ')}; set ETL_GROUP_ID to a group of its own for ${pipeline}`
}
