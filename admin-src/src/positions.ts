import type { KafkaAdmin } from '@kafka-etl/kafka'
import { partitionKey } from './topics.js'

/** The group's committed offsets by `topic/partition`; partitions without one are absent. */
export const readPositions = async (
  admin: KafkaAdmin,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, bigint>> => {
  const committed = await admin.readCommittedOffsets({ groupId, topics })
  return new Map(
    committed.flatMap(({ topic, partition, offset }) =>
      offset === undefined ? [] : [[partitionKey({ topic, partition }), offset] as const],
    ),
  )
}
