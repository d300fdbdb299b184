import { SettingsError, type ReaderSettings, type ServiceContext } from '@kafka-etl/common'
import { waitForKafka, type Kafka } from '@kafka-etl/kafka'

export type ExpectTopicOptions = Pick<ServiceContext<ReaderSettings>, 'logger' | 'clock' | 'settings'> & {
  readonly kafka: Kafka
  readonly stopping: AbortSignal
}

/** Throws a {@link SettingsError} if the topic does not exist. False if it was asked to stop first. */
export const expectTopic = async (options: ExpectTopicOptions, topic: string): Promise<boolean> => {
  const { kafka, settings, stopping } = options
  await waitForKafka({ ...options, timeoutMs: settings.kafkaWaitSeconds * 1000 })
  if (stopping.aborted) return false
  const admin = await kafka.connectAdmin()
  try {
    if ((await admin.readPartitionCounts([topic])).has(topic)) return true
    throw new SettingsError(`--topic: expected a topic that exists, got ${topic}`)
  } finally {
    await admin.close()
  }
}
