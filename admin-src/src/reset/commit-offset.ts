import { formatCommittedMetadata, type Kafka } from '@kafka-etl/kafka'
import type { OffsetMove } from './plan-reset.js'

const attempts = 3
const transactionTimeoutMs = 10_000

/**
 * Moves the group's offset of one input partition as the ETL does: in a transaction with the partition's transactional
 * id. Its init settles what a killed ETL left open, and fences an unnoticed running one, which has to read the offset
 * again before it can write.
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
