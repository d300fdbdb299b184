import type { Admin, FetchOffsetsPartition } from 'kafkajs'

export type CommittedOffset = {
  readonly topic: string
  readonly partition: number
  /** Undefined: the group has committed none. */
  readonly offset: bigint | undefined
  /** Empty if none was committed with it. */
  readonly metadata: string
}

export type CommittedOffsetsQuery = {
  readonly groupId: string
  readonly topics: readonly string[]
  /**
   * Rejects with UNSTABLE_OFFSET_COMMIT while an offset is pending, instead of giving the one before: an offset of a
   * transaction that has ended reaches the group a moment later (KIP-447).
   */
  readonly requireStable?: boolean
}

/** The admin client as it is patched (patches/README.md). */
type StableOffsetsAdmin = {
  readonly fetchOffsets: (options: {
    readonly groupId: string
    readonly topics: string[]
    readonly requireStable: boolean
  }) => Promise<readonly { readonly topic: string; readonly partitions: readonly FetchOffsetsPartition[] }[]>
}

/** How Kafka says that a group has committed nothing for a partition. */
const noOffset = '-1'

/** The group's committed offsets of all partitions of the topics. */
export const readCommittedOffsets = async (
  admin: StableOffsetsAdmin,
  { groupId, topics, requireStable = false }: CommittedOffsetsQuery,
): Promise<readonly CommittedOffset[]> => {
  const answers = await admin.fetchOffsets({ groupId, topics: [...topics], requireStable })
  // KafkaJS asks for no partition at all of a topic that its metadata lost; that must not look like no offset.
  const unanswered = topics.filter(
    (topic) => !answers.some((answer) => answer.topic === topic && answer.partitions.length > 0),
  )
  if (unanswered.length > 0) throw new Error(`expected offsets of ${unanswered.join(' and ')}, got no answer`)
  return answers.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset, metadata }) => ({
      topic,
      partition,
      offset: offset === noOffset ? undefined : BigInt(offset),
      metadata: metadata ?? '',
    })),
  )
}

export const commitOffsets = (
  admin: Admin,
  groupId: string,
  topic: string,
  offsets: ReadonlyMap<number, bigint>,
): Promise<void> =>
  admin.setOffsets({
    groupId,
    topic,
    partitions: [...offsets].map(([partition, offset]) => ({ partition, offset: offset.toString() })),
  })
