import kafkajs, { type Admin } from 'kafkajs'

/** By topic, the values of its settings by name. */
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
      // Node finds no named export of this name in KafkaJS, a CommonJS package.
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
