/** How many partitions each topic has; topics that do not exist are absent. */
export type PartitionCounts = ReadonlyMap<string, number>

export type NewTopic = {
  readonly topic: string
  readonly partitions: number
  /** As KAFKA_REPLICATION_FACTOR says, or the broker, unless told otherwise. */
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

/** A topic that has to be there. */
export type NeededTopic = {
  readonly topic: string
  /** At least so many. */
  readonly partitions: number
  /** For when it is created, by Kafka's names. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Topics that have to be there. How many partitions they need depends on how many the others have. */
export type TopicNeeds = {
  readonly topics: readonly string[]
  readonly plan: (existing: PartitionCounts) => readonly NeededTopic[]
}

/** Creates what is missing, and grows what has too few partitions. Nothing shrinks. */
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
