import { messageOf, type Clock, type Logger } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { TopicResult } from './partitions.js'

export type AwaitTopicOptions = {
  readonly admin: Pick<KafkaAdmin, 'readPartitionCounts'>
  readonly clock: Clock
  readonly logger: Logger
  /** How long the broker may be silent. */
  readonly longestSilenceMs: number
  readonly stopping: AbortSignal
  readonly onMissing: () => void
}

const pauseMs = 1_000

/**
 * Waits until the topic exists: a job of the engine may create it much later. False if it was asked to stop first.
 * Rejects if Kafka does not answer for too long.
 */
export const awaitTopic = async (
  { topic, files }: TopicResult,
  { admin, clock, logger, longestSilenceMs, stopping, onMissing }: AwaitTopicOptions,
): Promise<boolean> => {
  let answeredMs = clock.monotonicMs()
  let isReported = false
  while (!stopping.aborted) {
    const counts = await admin.readPartitionCounts([topic]).catch((error: unknown) => {
      logger.debug({ topic }, `the broker did not say whether the topic exists: ${messageOf(error)}`)
      if (clock.monotonicMs() - answeredMs < longestSilenceMs) return undefined
      throw error
    })
    if (counts?.has(topic)) return true
    if (counts) answeredMs = clock.monotonicMs()
    if (counts && !isReported) {
      isReported = true
      onMissing()
      logger.info({ topic }, `${topic} does not exist yet: ${files.path} gets its rows as soon as it does`)
    }
    await clock.sleep(pauseMs, stopping)
  }
  return false
}
