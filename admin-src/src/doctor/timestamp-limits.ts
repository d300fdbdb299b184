import { anyTimestamp, type KafkaAdmin } from '@kafka-etl/kafka'

/**
 * How far ahead of the broker's clock a record may be stamped, in ms, of those of these topics that do not take any. None
 * if this user may not ask (DescribeConfigs), or the broker knows no such limit (before Kafka 3.6).
 */
export const readTimestampLimits = async (
  admin: KafkaAdmin,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  try {
    const settings = await admin.readTopicSettings(topics, [anyTimestamp.name])
    const limits = [...settings].map(([topic, values]) => [topic, values.get(anyTimestamp.name)] as const)
    return new Map(
      limits.flatMap(([topic, value]) => (value === undefined || value === anyTimestamp.value ? [] : [[topic, value]])),
    )
  } catch (error) {
    if (error instanceof Error && 'type' in error && error.type === 'TOPIC_AUTHORIZATION_FAILED') return new Map()
    throw error
  }
}
