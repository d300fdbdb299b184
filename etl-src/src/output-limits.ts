import type { Logger } from '@kafka-etl/common'
import type { KafkaAdmin, TopicSettings } from '@kafka-etl/kafka'
import type { OutputLimits } from './convert-batch.js'

/** Kafka's default of `max.message.bytes`, for a user who may not describe topics' settings. */
const defaultMaxMessageBytes = 1_048_588

/**
 * Asks for the largest batch that the output topics take. A user who may not ask (DescribeConfigs) gets Kafka's default,
 * and a warning.
 */
export const readOutputLimits = async (
  admin: Pick<KafkaAdmin, 'readTopicSettings'>,
  { outputTopic, deadLetterTopic }: { readonly outputTopic: string; readonly deadLetterTopic: string },
  logger: Logger,
): Promise<OutputLimits> => {
  const settings = await admin
    .readTopicSettings([outputTopic, deadLetterTopic], ['max.message.bytes'])
    .catch((error: unknown): TopicSettings => {
      if (!isDenied(error)) throw error
      const assumed = `assuming Kafka's default of ${defaultMaxMessageBytes} bytes`
      logger.warn(`may not ask for max.message.bytes of the output topics (DescribeConfigs), ${assumed}`)
      return new Map()
    })
  const limitOf = (topic: string): number =>
    Number(settings.get(topic)?.get('max.message.bytes') ?? defaultMaxMessageBytes)
  return { outputBytes: limitOf(outputTopic), deadLetterBytes: limitOf(deadLetterTopic) }
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'TOPIC_AUTHORIZATION_FAILED'
