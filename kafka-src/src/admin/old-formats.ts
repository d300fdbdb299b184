import type { TopicSettings } from './topic-settings.js'

/** Of brokers before Kafka 4: the format in which a topic keeps its records. */
export const formatSetting = 'message.format.version'

/** Formats v0 and v1, of releases before 0.11, have neither headers nor transactions. */
const oldRelease = /^0\.(8|9|10)\b/

/** The topics that keep their records in such a format, with what it is set to. */
export const findOldFormats = (settings: TopicSettings): ReadonlyMap<string, string> =>
  new Map(
    [...settings].flatMap(([topic, values]) => {
      const release = values.get(formatSetting)
      return release !== undefined && oldRelease.test(release) ? [[topic, release] as const] : []
    }),
  )

/** What is wrong with such a topic if it is written to, and the remedy. */
export const describeOldFormat = (
  topic: string,
  release: string,
): { readonly fault: string; readonly remedy: string } => ({
  fault: `${topic}: expected a topic that takes transactions, got ${formatSetting}=${release}, whose format has neither them nor headers`,
  remedy: `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --delete-config ${formatSetting}`,
})
