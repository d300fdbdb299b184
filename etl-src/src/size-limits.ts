import { repeatWhileBeingMade } from '@kafka-etl/common'
import kafkajs, { type Admin } from 'kafkajs'
import type { SizeLimits } from './convert-batch.js'

/** Kafka's default of `max.message.bytes`, for a user who may not describe topics' settings. */
const defaultMaxMessageBytes = 1_048_588

/** Asks for the largest batch that the output topics take. */
export const readSizeLimits = async (
  admin: Admin,
  { outputTopic, deadLetterTopic }: { readonly outputTopic: string; readonly deadLetterTopic: string },
): Promise<SizeLimits> => {
  const { resources } = await repeatWhileBeingMade(() =>
    admin.describeConfigs({
      includeSynonyms: false,
      resources: [outputTopic, deadLetterTopic].map((name) => ({
        // Node finds no named export of this name in KafkaJS, a CommonJS package.
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: ['max.message.bytes'],
      })),
    }),
  )
  const limitOf = (topic: string): number => {
    const value = resources.find(({ resourceName }) => resourceName === topic)?.configEntries[0]?.configValue
    return value === undefined ? defaultMaxMessageBytes : Number(value)
  }
  return { outputBytes: limitOf(outputTopic), deadLetterBytes: limitOf(deadLetterTopic) }
}
