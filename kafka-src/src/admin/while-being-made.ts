import { retry, type Clock, type RetryPolicy } from '@kafka-etl/common'
import { causesOf, typeOf } from '../errors/kafka-errors.js'
import type { PartitionCounts } from './topics.js'

/** Retries while a topic, or the cluster, is so new that some brokers do not know it yet. */
export const repeatWhileBeingMade = <T>(ask: () => Promise<T>, clock: Clock): Promise<T> => retry(ask, policy, clock)

const typesOfBeingMade = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  // A KRaft broker answers this as long as it does not know that it is the leader.
  'NOT_LEADER_FOR_PARTITION',
  // The offsets topic is being created, or its leader has moved.
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  // The other brokers may still be starting.
  'INVALID_REPLICATION_FACTOR',
]

const isBeingMade = (error: unknown): boolean =>
  causesOf(error).some(
    // A new cluster may have no controller yet, or none that KafkaJS knows.
    (cause) => cause.name === 'KafkaJSBrokerNotFound' || typesOfBeingMade.includes(typeOf(cause)),
  )

const policy: RetryPolicy = { firstPauseMs: 50, longestPauseMs: 3_200, timeoutMs: 10_000, isRetriable: isBeingMade }

/**
 * Reads until all topics exist: a service that lost the race to create one may ask before the broker knows the topic.
 * Rejects if a topic does not appear.
 */
export const awaitPartitionCounts = (
  readCounts: (topics: readonly string[]) => Promise<PartitionCounts>,
  topics: readonly string[],
  clock: Clock,
  /** The least partition count of some topics, for topics that have just grown. */
  least: PartitionCounts = new Map(),
): Promise<PartitionCounts> =>
  repeatWhileBeingMade(async () => {
    const counts = await readCounts(topics)
    const missing = topics.filter((topic) => (counts.get(topic) ?? 0) < (least.get(topic) ?? 1))
    if (missing.length === 0) return counts
    const error = new Error(
      `expected the topics ${topics.join(', ')}, got none called, or too few partitions of, ${missing.join(', ')}`,
    )
    throw Object.assign(error, { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
  }, clock)
