/** How many partitions each topic has; missing topics are absent. */
export type PartitionCounts = ReadonlyMap<string, number>

export type NewTopic = {
  readonly topic: string
  readonly partitions: number
  /** The default is KAFKA_REPLICATION_FACTOR, or else the broker's default. */
  readonly replicas?: number
  readonly settings?: Readonly<Record<string, string>>
}

export type TopicDescription = {
  readonly topic: string
  /** The id of KIP-516, as kafka-topics prints it; undefined if the broker has no ids (before Kafka 3.1). */
  readonly id: string | undefined
  /** Ordered by number. */
  readonly partitions: readonly PartitionDescription[]
}

export type PartitionDescription = {
  readonly partition: number
  /** Undefined while the partition has no leader. */
  readonly leaderId: number | undefined
  readonly replicaIds: readonly number[]
  readonly inSyncIds: readonly number[]
}

/** The changes that give every topic the partitions it needs. */
export type TopicsPlan = {
  readonly create: readonly NewTopic[]
  readonly grow: readonly { readonly topic: string; readonly count: number }[]
}

/** A topic that must exist. */
export type NeededTopic = {
  readonly topic: string
  /** The least number of partitions. */
  readonly partitions: number
  /** Topic settings, by Kafka's names. They apply only when the topic is created. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Topics that must exist. The partitions that a topic needs depend on the partition counts of the others. */
export type TopicNeeds = {
  readonly topics: readonly string[]
  readonly plan: (existing: PartitionCounts) => readonly NeededTopic[]
}

/** Plans which topics to create, and which to grow because they have too few partitions. It never shrinks a topic. */
export const planTopics = (needed: readonly NeededTopic[], existing: PartitionCounts): TopicsPlan => ({
  create: needed
    .filter(({ topic }) => !existing.has(topic))
    .map(({ topic, partitions, settings = {} }) =>
      Object.keys(settings).length === 0 ? { topic, partitions } : { topic, partitions, settings },
    ),
  grow: needed
    .filter(({ topic, partitions }) => (existing.get(topic) ?? partitions) < partitions)
    .map(({ topic, partitions }) => ({ topic, count: partitions })),
})
