import { type Logger } from '@kafka-etl/common'
import { repeatWhileBeingMade } from '@kafka-etl/kafka'
import kafkajs, { type Admin } from 'kafkajs'
import type { SizeLimits } from './convert-batch.js'

/** Kafka's default of `max.message.bytes`, for a user who may not describe topics' settings. */
const defaultMaxMessageBytes = 1_048_588

/**
 * Asks for the largest batch that the output topics take. A user who may not ask (DescribeConfigs) gets Kafka's default,
 * and a warning.
 */
export const readSizeLimits = async (
  admin: Admin,
  { outputTopic, deadLetterTopic }: { readonly outputTopic: string; readonly deadLetterTopic: string },
  logger: Logger,
): Promise<SizeLimits> => {
  const limits = await readLimits(admin, [outputTopic, deadLetterTopic]).catch((error: unknown) => {
    if (!isDenied(error)) throw error
    const assumed = `assuming Kafka's default of ${defaultMaxMessageBytes} bytes`
    logger.warn(`may not ask for max.message.bytes of the output topics (DescribeConfigs), ${assumed}`)
    return new Map<string, number>()
  })
  const limitOf = (topic: string): number => limits.get(topic) ?? defaultMaxMessageBytes
  return { outputBytes: limitOf(outputTopic), deadLetterBytes: limitOf(deadLetterTopic) }
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'TOPIC_AUTHORIZATION_FAILED'

const readLimits = async (admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const { resources } = await repeatWhileBeingMade(() =>
    admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({
        // Node finds no named export of this name in KafkaJS, a CommonJS package.
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: ['max.message.bytes'],
      })),
    }),
  )
  return new Map(
    resources.flatMap(({ resourceName, configEntries: [entry] }) =>
      entry === undefined ? [] : [[resourceName, Number(entry.configValue)] as const],
    ),
  )
}
