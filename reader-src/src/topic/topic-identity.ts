import { SettingsError } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { TopicResult } from './partitions.js'

export type TopicIdentity = {
  /** Kafka's id of the topic; undefined: this broker gives none, and only the log's continuity is checked. */
  readonly topicId: string | undefined
  /**
   * Whether the broker has said, since the call, that the topic is still the one that the rows came from: what was
   * fetched before the call is then of that topic, since no topic ever gets the id of another one. False: it did not
   * answer, or the topic is being deleted. Throws a {@link SettingsError} if the topic is another one.
   */
  readonly confirm: () => Promise<boolean>
}

/**
 * Knows a topic by its id (KIP-516): one that was deleted and made again has the same name, and perhaps an offset that
 * fits. A file that does not know its topic's id yet takes the present one.
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
