import { SettingsError } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { TopicResult } from './partitions.js'

export type TopicIdentity = {
  /** Kafka's id of the topic; undefined: this broker has none, and only the log's continuity is checked. */
  readonly topicId: string | undefined
  /**
   * Whether the broker confirms, after the call, that the topic is still the one of the rows. If so, records that were
   * fetched before the call belong to that topic, since ids are never reused. False if the broker did not answer, or
   * the topic is being deleted. Throws a {@link SettingsError} if the topic is another one.
   */
  readonly confirm: () => Promise<boolean>
}

/**
 * Identifies a topic by its id (KIP-516): a recreated topic has the same name, and perhaps an offset that fits. A file
 * without a topic id takes the current one.
 */
export const identifyTopic = async (
  admin: KafkaAdmin,
  { topic, files }: TopicResult,
  knownId: string | undefined,
): Promise<TopicIdentity> => {
  const readId = async (): Promise<string | undefined> => (await admin.readTopicIds([topic])).get(topic)
  const topicId = knownId ?? (await readId())
  const confirm = async (): Promise<boolean> => {
    if (topicId === undefined) return true
    const found = await readId().catch(() => undefined)
    if (found === undefined) return false
    if (found === topicId) return true
    throw new SettingsError(
      `${topic}: expected the topic that ${files.path} came from, whose id is ${topicId}, got another one of that name, whose id is ${found}: it was deleted and recreated. ${files.path} cannot continue from it: to start over, move ${files.path} and ${files.positionsPath} away, both`,
    )
  }
  return { topicId, confirm }
}
