import { readPartitionCounts, repeatWhileBeingMade } from '@kafka-etl/kafka'
import type { Admin } from 'kafkajs'

/** The readable part of a partition: from `start` to before `end`, the last stable offset. */
export type LogRange = {
  readonly topic: string
  readonly partition: number
  readonly start: bigint
  readonly end: bigint
}

/**
 * The readable parts of the partitions of `topics`, in their order. KafkaJS asks as a read_committed consumer, so that
 * what an open transaction holds back is not counted. Rejects when a topic is missing.
 */
export const readLogRanges = async (admin: Admin, topics: readonly string[]): Promise<readonly LogRange[]> => {
  // Asking for the offsets of a topic that is not there could create it.
  await requireTopics(admin, topics)
  const ranges: LogRange[] = []
  for (const topic of topics) {
    const offsets = await repeatWhileBeingMade(() => admin.fetchTopicOffsets(topic))
    const ofTopic = offsets.map(({ partition, low, high }) => ({
      topic,
      partition,
      start: BigInt(low),
      end: BigInt(high),
    }))
    ranges.push(...ofTopic.sort((one, other) => one.partition - other.partition))
  }
  return ranges
}

/** Rejects with a sentence when a topic is missing. */
export const requireTopics = async (admin: Admin, topics: readonly string[]): Promise<void> => {
  const counts = await readPartitionCounts(admin, topics)
  const missing = topics.filter((topic) => !counts.has(topic))
  if (missing.length === 0) return
  throw new Error(
    `expected the topic ${missing.join(' and ')}, found none that this user may see: the services create their topics when they start`,
  )
}

export const partitionKey = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`

/** The topics that records come in by. */
export const inputTopics = ({
  inputs,
}: {
  readonly inputs: readonly { readonly topic: string }[]
}): readonly string[] => inputs.map(({ topic }) => topic)
