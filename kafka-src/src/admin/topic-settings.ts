import kafkajs, { type Admin } from 'kafkajs'

/** The settings of each topic, as values by name. */
export type TopicSettings = ReadonlyMap<string, ReadonlyMap<string, string>>

export const readTopicSettings = async (
  admin: Admin,
  topics: readonly string[],
  names: readonly string[],
): Promise<TopicSettings> => {
  if (topics.length === 0) return new Map()
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({
      // KafkaJS is a CommonJS package, and Node does not find a named export for this.
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: [...names],
    })),
  })
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  )
}
