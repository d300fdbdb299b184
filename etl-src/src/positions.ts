import type { Admin } from 'kafkajs'

type PositionAdmin = Pick<Admin, 'fetchOffsets' | 'fetchTopicOffsets'>

/** How Kafka says that a group has committed nothing for a partition. */
const noOffset = '-1'

/**
 * The group's committed offset of an input partition, or where its log starts when the group has none. Only Kafka's
 * own word for "none" counts as none: KafkaJS leaves a partition out of the answer when its metadata is being replaced,
 * and to start over from the log's beginning then would write every output a second time.
 */
export const readPosition = async (
  admin: PositionAdmin,
  groupId: string,
  topic: string,
  partition: number,
): Promise<bigint> => {
  const committed = await admin.fetchOffsets({ groupId, topics: [topic] })
  const offset = committed
    .find((entry) => entry.topic === topic)
    ?.partitions.find((entry) => entry.partition === partition)?.offset
  if (offset === undefined) {
    throw new Error(
      `expected the offset of group ${groupId} in ${topic} partition ${partition}, got an answer without it`,
    )
  }
  if (offset !== noOffset) return BigInt(offset)
  const ends = await admin.fetchTopicOffsets(topic)
  const start = ends.find((entry) => entry.partition === partition)?.low
  if (start === undefined) throw new Error(`expected ${topic} to have partition ${partition}, found none`)
  return BigInt(start)
}
