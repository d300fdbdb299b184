import type { Admin } from 'kafkajs'

/** The group's committed offset of an input partition, or where its log starts when the group has none. */
export const readPosition = async (
  admin: Admin,
  groupId: string,
  topic: string,
  partition: number,
): Promise<bigint> => {
  const committed = await admin.fetchOffsets({ groupId, topics: [topic] })
  const offset = committed
    .find((entry) => entry.topic === topic)
    ?.partitions.find((entry) => entry.partition === partition)?.offset
  if (offset !== undefined && offset !== '-1') return BigInt(offset)
  const ends = await admin.fetchTopicOffsets(topic)
  const start = ends.find((entry) => entry.partition === partition)?.low
  if (start === undefined) throw new Error(`expected ${topic} to have partition ${partition}, found none`)
  return BigInt(start)
}
