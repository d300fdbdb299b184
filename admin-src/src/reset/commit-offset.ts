import { formatCommittedMetadata, type Kafka } from '@kafka-etl/kafka'
import type { OffsetMove } from './plan-reset.js'

const attempts = 3
const transactionTimeoutMs = 10_000

/**
 * Moves the group's offset of one input partition as the ETL itself moves it: in a transaction of the partition's own
 * transactional id. Its init settles what a killed ETL left open, and fences one that is still there unseen: that one
 * has to read the offset anew before it can write again.
 */
export const commitOffset = async (kafka: Kafka, groupId: string, move: OffsetMove): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await commitOnce(kafka, groupId, move)
      return
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

const commitOnce = async (
  kafka: Kafka,
  groupId: string,
  { topic, partition, target: nextOffset, metadata }: OffsetMove,
): Promise<void> => {
  const sink = await kafka.openTransactionalSink({
    transactionalId: `${groupId}/${topic}/${partition}`,
    timeoutMs: transactionTimeoutMs,
  })
  try {
    const position = { groupId, topic, partition, nextOffset, metadata: formatCommittedMetadata(metadata) }
    await sink.commit({ writes: [], position })
  } catch (error) {
    sink.discard()
    throw error
  }
  await sink.close().catch(() => undefined)
}
