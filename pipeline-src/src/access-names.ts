import type { AnyDefinition } from './definition.js'
import { listResults } from './planned-results.js'
import { namesOfTopic, planTopology, type TopologyNames } from './topology.js'

/**
 * The topics of a pipeline by what a service does with each: the producer sends, the ETL reads and writes, the reader
 * reads results, and each of them looks whether all that are named are there. The producer may send to whatever the ETL reads and nobody else of the pipeline writes.
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
