import type { CommonSettings } from '@kafka-etl/common'
import { outputPartitionCount } from '@kafka-etl/common'

/** How many partitions each topic has; topics that do not exist are absent. */
export type PartitionCounts = ReadonlyMap<string, number>

export type NewTopic = {
  readonly topic: string
  readonly partitions: number
  /** The broker's default unless told otherwise. */
  readonly replicas?: number
  readonly settings?: Readonly<Record<string, string>>
}

export type TopicDescription = {
  readonly topic: string
  /** KIP-516, as kafka-topics prints it; undefined: the broker gives none (before Kafka 3.1). */
  readonly id: string | undefined
  /** By number. */
  readonly partitions: readonly PartitionDescription[]
}

export type PartitionDescription = {
  readonly partition: number
  /** Undefined while it has none. */
  readonly leaderId: number | undefined
  readonly replicaIds: readonly number[]
  readonly inSyncIds: readonly number[]
}

/** What has to be done so that every topic has the partitions that the contract gives it. */
export type TopicsPlan = {
  readonly create: readonly NewTopic[]
  readonly grow: readonly { readonly topic: string; readonly count: number }[]
}

export type TopicNames = Pick<CommonSettings, 'inputs' | 'outputTopic' | 'deadLetterTopic'>

/** Inputs get one partition unless they have more; outputs get one for each input partition. Nothing shrinks. */
export const planTopics = (
  { inputs, outputTopic, deadLetterTopic }: TopicNames,
  existing: PartitionCounts,
): TopicsPlan => {
  const inputCounts = inputs.map(({ topic }) => existing.get(topic) ?? 1)
  const outputCount = outputPartitionCount(inputCounts)
  const needed: readonly (readonly [string, number])[] = [
    ...inputs.map(({ topic }, index) => [topic, inputCounts[index] ?? 1] as const),
    [outputTopic, outputCount],
    [deadLetterTopic, outputCount],
  ]
  return {
    create: needed.filter(([topic]) => !existing.has(topic)).map(([topic, partitions]) => ({ topic, partitions })),
    grow: needed
      .filter(([topic, count]) => (existing.get(topic) ?? count) < count)
      .map(([topic, count]) => ({ topic, count })),
  }
}
