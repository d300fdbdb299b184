import { causesOf, typeOf } from './kafka-errors.js'

/** Why Kafka does not create a topic, for errors that a retry does not fix. */
const reasons: Readonly<Record<string, string>> = {
  INVALID_TOPIC_EXCEPTION:
    "the name is not one that Kafka takes (1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'), or another topic has it but for '.' and '_', which count as the same",
  INVALID_REPLICATION_FACTOR:
    "it would get more copies than there are brokers: set KAFKA_REPLICATION_FACTOR lower, or check default.replication.factor of the broker's settings if it is empty",
  INVALID_PARTITIONS: 'Kafka does not take this number of partitions',
  INVALID_CONFIG: 'Kafka does not take its settings',
  POLICY_VIOLATION: 'a policy of the broker forbids it (create.topic.policy.class.name)',
}

/** A sentence that names each topic that could not be created, and why; undefined for other errors. */
export const describeTopicCreation = (error: unknown): string | undefined => {
  const refused = causesOf(error).flatMap((cause) => {
    const reason = reasons[typeOf(cause)]
    const topic = 'topic' in cause && typeof cause.topic === 'string' ? cause.topic : undefined
    return reason === undefined || topic === undefined ? [] : [`${topic}: ${reason}`]
  })
  return refused.length === 0 ? undefined : `Kafka refused to create topics: ${refused.join('; ')}`
}
