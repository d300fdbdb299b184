import { repeatWhileBeingMade } from '@kafka-etl/kafka'
import type { Admin } from 'kafkajs'
import type { LogRange } from './continuity.js'

/**
 * The readable part of each partition. KafkaJS asks as a read_committed consumer, so that `high` is the last stable
 * offset: what an open transaction holds back is not counted.
 */
export const readLogRanges = async (admin: Admin, topic: string): Promise<ReadonlyMap<number, LogRange>> => {
  const offsets = await repeatWhileBeingMade(() => admin.fetchTopicOffsets(topic))
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), stableEnd: Number(high) }]))
}
