import { SettingsError } from '@kafka-etl/common'
import { describeOldFormat, findOldFormats, formatSetting, type KafkaAdmin } from '@kafka-etl/kafka'

/**
 * Throws a {@link SettingsError} if one of the topics does not support transactions. Call it only after a write has
 * failed: a broker of Kafka 3 may have the setting and ignore it.
 */
export const refuseOldFormats = async (
  admin: Pick<KafkaAdmin, 'readTopicSettings'>,
  topics: readonly string[],
): Promise<void> => {
  for (const [topic, release] of findOldFormats(await admin.readTopicSettings(topics, [formatSetting]))) {
    const { fault, remedy } = describeOldFormat(topic, release)
    throw new SettingsError(`${fault}: ${remedy}`)
  }
}
