import type { Admin } from 'kafkajs'
import { readPartitionCounts } from './topics.js'

/** A partition's log. */
export type LogRange = {
  readonly topic: string
  readonly partition: number
  /** The first offset that retention has left. */
  readonly start: bigint
  /** Behind the last record, committed or not: the high watermark. */
  readonly end: bigint
  /** Behind the last record that a reader of committed records may see; what an open transaction holds back comes after. */
  readonly stableEnd: bigint
}

export type PartitionOffset = { readonly partition: number; readonly offset: bigint }

/** The logs of the topics' partitions, by topic in their order, then by partition. Rejects if a topic is missing. */
export const readLogRanges = async (admin: Admin, topics: readonly string[]): Promise<readonly LogRange[]> => {
  // Asking for the offsets of a topic that is not there could create it.
  await requireTopics(admin, topics)
  const ranges: LogRange[] = []
  for (const topic of topics) {
    // KafkaJS asks as a reader of committed records: `high` is the last stable offset.
    const offsets = await admin.fetchTopicOffsets(topic)
    const ofTopic = offsets.map(({ partition, low, high }) => ({
      topic,
      partition,
      start: BigInt(low),
      end: BigInt(high),
      stableEnd: BigInt(high),
    }))
    ranges.push(...ofTopic.sort((one, other) => one.partition - other.partition))
  }
  return ranges
}

const requireTopics = async (admin: Admin, topics: readonly string[]): Promise<void> => {
  const counts = await readPartitionCounts(admin, topics)
  const missing = topics.filter((topic) => !counts.has(topic))
  if (missing.length === 0) return
  throw new Error(
    `expected the topic ${missing.join(' and ')}, found none that this user may see: the services create their topics when they start`,
  )
}

export const readOffsetsAtTime = async (
  admin: Admin,
  topic: string,
  epochMs: number,
): Promise<readonly PartitionOffset[]> =>
  (await admin.fetchTopicOffsetsByTimestamp(topic, epochMs)).map(({ partition, offset }) => ({
    partition,
    offset: BigInt(offset),
  }))
