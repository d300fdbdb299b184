import type { Input } from '@kafka-etl/common'

/** The topics and group of one test: many tests can share a broker. */
export type ServiceCase = {
  readonly inputs: readonly Input[]
  readonly outputTopic: string
  readonly deadLetterTopic: string
  readonly group: string
  /** The environment of every service of the test. */
  readonly environment: Readonly<Record<string, string>>
}

export const newYork = 'America/New_York'
export const paris = 'Europe/Paris'

/**
 * The inputs `<name>-1`, `<name>-2`, … (one per zone), the outputs `<name>-unified` and `<name>-dead`, the group
 * `<name>-etl`.
 */
export const createCase = (name: string, zones: readonly string[] = [newYork, paris]): ServiceCase => {
  const inputs = zones.map((zone, index) => ({ topic: `${name}-${index + 1}`, zone }))
  const [outputTopic, deadLetterTopic, group] = [`${name}-unified`, `${name}-dead`, `${name}-etl`]
  const environment = {
    INPUTS: inputs.map(({ topic, zone }) => `${topic}=${zone}`).join(),
    OUTPUT_TOPIC: outputTopic,
    DEAD_LETTER_TOPIC: deadLetterTopic,
    ETL_GROUP_ID: group,
  }
  return { inputs, outputTopic, deadLetterTopic, group, environment }
}
