import { isTopicDenied, type KafkaAdmin } from '@kafka-etl/kafka'

const setting = 'max.message.bytes'
/** Eight times Kafka's default, for a user who may not read topics' settings, and for a limit that is raised later. */
const leastBytes = 8_388_608

/** How many bytes of a compressed value to keep: no output of the topic is larger. */
export const readLongestValueBytes = async (
  admin: Pick<KafkaAdmin, 'readTopicSettings'>,
  topic: string,
): Promise<number> => {
  const settings = await admin.readTopicSettings([topic], [setting]).catch((error: unknown) => {
    if (isTopicDenied(error)) return undefined
    throw error
  })
  return Math.max(leastBytes, Number(settings?.get(topic)?.get(setting) ?? 0))
}
