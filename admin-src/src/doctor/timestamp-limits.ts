import { anyTimestamp } from '@kafka-etl/kafka'
import kafkajs, { type Admin } from 'kafkajs'

/**
 * How far ahead of the broker's clock a record may be stamped, in ms, of those of these topics that do not take any. None
 * where this user may not ask (DescribeConfigs), and where the broker knows no such limit (before Kafka 3.6).
 */
export const readTimestampLimits = async (
  admin: Admin,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (topics.length === 0) return new Map()
  const type = kafkajs.ConfigResourceTypes.TOPIC
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({ type, name, configNames: [anyTimestamp.name] })),
    })
    return new Map(
      resources.flatMap(({ resourceName, configEntries: [entry] }) =>
        entry === undefined || entry.configValue === anyTimestamp.value ? [] : [[resourceName, entry.configValue]],
      ),
    )
  } catch (error) {
    if (error instanceof Error && 'type' in error && error.type === 'TOPIC_AUTHORIZATION_FAILED') return new Map()
    throw error
  }
}
