import type { Logger } from '@kafka-etl/common'
import { isTopicDenied, type KafkaAdmin, type TopicSettings } from '@kafka-etl/kafka'

/** Kafka's default of `max.message.bytes`. */
const defaultMaxMessageBytes = 1_048_588

/** The largest batch that each output topic accepts, in bytes (`max.message.bytes`). */
export type OutputLimits = ReadonlyMap<string, number>

export const limitOf = (limits: OutputLimits, topic: string): number => limits.get(topic) ?? defaultMaxMessageBytes

/**
 * A larger value fits no output and is not parsed: it could be longer than Node's longest string. The limit is at least
 * Kafka's default, because much of a long value may be ignored.
 */
export const largestValueBytes = (limits: OutputLimits): number => Math.max(defaultMaxMessageBytes, ...limits.values())

/**
 * Looks up the largest batch that the topics accept. A user without the permission (DescribeConfigs) gets Kafka's
 * default and a warning.
 */
export const readOutputLimits = async (
  admin: Pick<KafkaAdmin, 'readTopicSettings'>,
  topics: readonly string[],
  logger: Logger,
): Promise<OutputLimits> => {
  const settings = await admin
    .readTopicSettings(topics, ['max.message.bytes'])
    .catch((error: unknown): TopicSettings => {
      if (!isTopicDenied(error)) throw error
      const assumed = `assuming Kafka's default of ${defaultMaxMessageBytes} bytes`
      logger.warn(`lacks the permission to read max.message.bytes of the output topics (DescribeConfigs), ${assumed}`)
      return new Map()
    })
  return new Map(
    topics.map((topic) => [topic, Number(settings.get(topic)?.get('max.message.bytes') ?? defaultMaxMessageBytes)]),
  )
}
