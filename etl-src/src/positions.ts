import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, FetchOffsetsPartition } from 'kafkajs'

/** The admin client as it is patched (patches/README.md): with `requireStable` it refuses offsets that are pending. */
type PositionAdmin = Pick<Admin, 'fetchTopicOffsets'> & {
  readonly fetchOffsets: (options: {
    readonly groupId: string
    readonly topics: string[]
    readonly requireStable: boolean
  }) => Promise<readonly { readonly topic: string; readonly partitions: readonly FetchOffsetsPartition[] }[]>
}

/** How Kafka says that a group has committed nothing for a partition. */
const noOffset = '-1'

const pendingPauseMs = 5
const pendingAttempts = 400

/**
 * The group's committed offset of an input partition, or where its log starts when the group has none. Only Kafka's
 * own word for "none" counts as none: to start over from the log's beginning would write every output a second time.
 */
export const readPosition = async (
  admin: PositionAdmin,
  groupId: string,
  topic: string,
  partition: number,
): Promise<bigint> => {
  const committed = await fetchStableOffsets(admin, groupId, topic)
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

/**
 * Waits while offsets are pending. An offset of a transaction that has ended reaches the group a moment later (KIP-447):
 * to go by the one before would write the transaction's outputs a second time.
 */
const fetchStableOffsets = async (
  admin: PositionAdmin,
  groupId: string,
  topic: string,
): ReturnType<PositionAdmin['fetchOffsets']> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await admin.fetchOffsets({ groupId, topics: [topic], requireStable: true })
    } catch (error) {
      if (!isPending(error) || attempt === pendingAttempts) throw error
      await sleep(pendingPauseMs)
    }
  }
}

const isPending = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNSTABLE_OFFSET_COMMIT'
