import type { TopicSettings } from './topic-settings.js'

/** A topic setting of brokers before Kafka 4: the message format of the topic. */
export const formatSetting = 'message.format.version'

/** Formats v0 and v1, of releases before 0.11, have neither headers nor transactions. */
const oldRelease = /^0\.(8|9|10)\b/

/** The topics that use an old message format, with the value of the setting. */
export const findOldFormats = (settings: TopicSettings): ReadonlyMap<string, string> =>
  new Map(
    [...settings].flatMap(([topic, values]) => {
      const release = values.get(formatSetting)
      return release !== undefined && oldRelease.test(release) ? [[topic, release] as const] : []
    }),
  )

/** Explains why such a topic cannot be written to, and how to fix it. */
export const describeOldFormat = (
  topic: string,
  release: string,
): { readonly fault: string; readonly remedy: string } => ({
  fault: `${topic}: expected a topic that takes transactions, got ${formatSetting}=${release}, whose format has neither them nor headers`,
  remedy: `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --delete-config ${formatSetting}`,
})
