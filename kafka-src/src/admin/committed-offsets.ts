import type { Admin } from 'kafkajs'
import { fetchOffsets, type FetchedOffset } from '../requests/offset-fetch.js'
import type { DescribeTopics } from './describe-topics.js'

export type CommittedOffset = {
  readonly topic: string
  readonly partition: number
  /** Undefined if the group has committed none. */
  readonly offset: bigint | undefined
  /** The metadata stored with the offset, or an empty text. */
  readonly metadata: string
}

export type CommittedOffsetsQuery = {
  readonly groupId: string
  readonly topics: readonly string[]
  /**
   * Rejects with UNSTABLE_OFFSET_COMMIT while an offset is pending, instead of returning the previous one: the offset
   * of a transaction that has ended reaches the group a moment later (KIP-447).
   */
  readonly requireStable?: boolean
}

const noOffset = -1n

/** The committed offsets of the group in all topics. */
export const readAllCommittedOffsets = async (admin: Admin, groupId: string): Promise<readonly CommittedOffset[]> =>
  (await fetchOffsets(admin, { groupId, topics: 'all', requireStable: false })).map(toCommittedOffset)

const toCommittedOffset = ({ topic, partition, offset, metadata }: FetchedOffset): CommittedOffset => ({
  topic,
  partition,
  offset: offset === noOffset ? undefined : offset,
  metadata,
})

/** The committed offsets of the group, for all partitions of the topics. */
export const readCommittedOffsets = async (
  admin: Admin,
  describe: DescribeTopics,
  { groupId, topics, requireStable = false }: CommittedOffsetsQuery,
): Promise<readonly CommittedOffset[]> => {
  const described = await describe(topics)
  const asked = new Map(described.map(({ topic, partitions }) => [topic, partitions.map(({ partition }) => partition)]))
  const missing = topics.filter((topic) => !asked.has(topic))
  // A missing topic must not look like one without an offset.
  if (missing.length > 0) throw new Error(`expected offsets of ${missing.join(' and ')}, found no such topic`)
  const fetched = await fetchOffsets(admin, { groupId, topics: asked, requireStable })
  return [...asked].flatMap(([topic, partitions]) =>
    partitions.map((partition) => {
      const found = fetched.find((one) => one.topic === topic && one.partition === partition)
      if (!found)
        throw new Error(`expected the offset of ${groupId} in ${topic}/${partition}, got an answer without it`)
      return toCommittedOffset(found)
    }),
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
