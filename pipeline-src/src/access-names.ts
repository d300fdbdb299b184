import type { AnyDefinition } from './definition.js'
import { listResults } from './planned-results.js'
import { namesOfTopic, planTopology, type TopologyNames } from './topology.js'

/**
 * The topics of a pipeline, grouped by what each service does with them. The producer sends. The ETL reads and writes.
 * The reader reads results. Each service checks whether all named topics exist. The producer may send to every topic
 * that the ETL reads and no step writes, and to those with a sample.
 */
export const listAccessNames = (
  definition: AnyDefinition,
  names: TopologyNames,
): {
  readonly sent: readonly string[]
  readonly read: readonly string[]
  readonly written: readonly string[]
  readonly results: readonly string[]
  readonly named: readonly string[]
  readonly groupId: string
} => {
  const { topics, deadLetters } = planTopology(definition, names, new Map())
  const sampled = Object.keys(definition.sample ?? {})
  const isSent = ({ alias, isRead, isWritten }: (typeof topics)[number]): boolean =>
    sampled.includes(alias) || (isRead && !isWritten)
  return {
    sent: topics.filter(isSent).map(({ name }) => name),
    read: topics.filter(({ isRead }) => isRead).map(({ name }) => name),
    written: [...topics.filter(({ isWritten }) => isWritten).map(({ name }) => name), deadLetters.topic],
    results: listResults(definition).flatMap(({ alias }) => {
      const topic = definition.topics[alias]
      return topic ? namesOfTopic(topic) : []
    }),
    named: topics.map(({ name }) => name),
    groupId: names.groupId,
  }
}
