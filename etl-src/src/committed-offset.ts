import { retry, type Clock } from '@kafka-etl/common'
import type { CommittedOffset, KafkaAdmin } from '@kafka-etl/kafka'

export type PositionQuery = {
  readonly admin: Pick<KafkaAdmin, 'readCommittedOffsets' | 'readLogRanges'>
  readonly clock: Clock
  readonly groupId: string
  readonly topic: string
  readonly partition: number
}

const pendingPauseMs = 5
const pendingTimeoutMs = 2_000

/**
 * The group's committed offset of an input partition, or where its log starts if the group has none. Only Kafka's
 * own word for "none" counts as none: to start over from the log's beginning would write every output a second time.
 */
export const readPosition = async (query: PositionQuery): Promise<bigint> => {
  const { admin, groupId, topic, partition } = query
  const committed = (await readStableOffsets(query)).find(
    (entry) => entry.topic === topic && entry.partition === partition,
  )
  if (committed === undefined) {
    throw new Error(
      `expected the offset of group ${groupId} in ${topic} partition ${partition}, got an answer without it`,
    )
  }
  if (committed.offset !== undefined) return committed.offset
  const log = (await admin.readLogRanges([topic])).find((range) => range.partition === partition)
  if (log === undefined) throw new Error(`expected ${topic} to have partition ${partition}, found none`)
  return log.start
}

/**
 * Waits while offsets are pending. An offset of a transaction that has ended reaches the group a moment later (KIP-447):
 * to go by the one before would write the transaction's outputs a second time.
 */
const readStableOffsets = ({ admin, clock, groupId, topic }: PositionQuery): Promise<readonly CommittedOffset[]> =>
  retry(
    () => admin.readCommittedOffsets({ groupId, topics: [topic], requireStable: true }),
    {
      firstPauseMs: pendingPauseMs,
      longestPauseMs: pendingPauseMs,
      timeoutMs: pendingTimeoutMs,
      isRetriable: isPending,
    },
    clock,
  )

const isPending = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNSTABLE_OFFSET_COMMIT'
