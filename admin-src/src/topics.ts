import type { KafkaAdmin } from '@kafka-etl/kafka'

type PartitionName = { readonly topic: string; readonly partition: number }

export const partitionKey = ({ topic, partition }: PartitionName): string => `${topic}/${partition}`

/** The topics that records come in by. */
export const inputTopics = ({
  inputs,
}: {
  readonly inputs: readonly { readonly topic: string }[]
}): readonly string[] => inputs.map(({ topic }) => topic)

/** Rejects with a sentence if a topic is missing, as asking for its log does. */
export const requireTopics = async (admin: KafkaAdmin, topics: readonly string[]): Promise<void> => {
  await admin.readLogRanges(topics)
}
