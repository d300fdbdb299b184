import type { AnyDefinition } from './definition.js'
import { findResultFaults } from './planned-results.js'
import { isOneSample } from './sample.js'
import { namesOfTopic, listRoutes, listSources, type TopologyNames } from './topology.js'

const topicName = /^[a-zA-Z0-9._-]{1,249}$/
const pipelineName = /^[a-z][a-z0-9-]{0,62}$/

/**
 * All faults of a definition, one sentence each. JavaScript, or a generated definition, may contain what the types
 * refuse.
 */
export const findPipelineFaults = (definition: AnyDefinition, names: TopologyNames): readonly string[] => [
  ...(pipelineName.test(definition.name)
    ? []
    : [`name: expected lower-case letters, digits and hyphens, got ${definition.name}`]),
  ...findTopicFaults(definition, names),
  ...findUnknownAliases(definition),
  ...findFormatFaults(definition),
  ...findCycles(definition),
  ...findResultFaults(definition),
]

/**
 * Checks formats: an update step needs a topic with updates, and no writer of this suite begins a partition with a
 * header.
 */
const findFormatFaults = (definition: AnyDefinition): readonly string[] => {
  const { topics, steps } = definition
  const written = new Set(listRoutes(definition).map(({ to }) => to))
  return Object.entries(steps).flatMap(([alias, step]) => {
    const topic = topics[alias]
    const needsUpdates = typeof step !== 'function' && topic?.updates === undefined
    const lacksHeader = written.has(alias) && topic?.value.rows?.startsWithHeader === true
    const hasValueKeys = topic?.keyFormat !== undefined
    const takesRowsAlone = topic?.value.rows !== undefined || topic?.updates !== undefined
    return [
      ...(hasValueKeys && takesRowsAlone
        ? [`topics.${alias}.keyFormat: expected none for a topic of csv or with updates, got ${topic.keyFormat.name}`]
        : []),
      ...(needsUpdates ? [`steps.${alias}: expected topics.${alias}.updates for a step of updates, got none`] : []),
      ...(lacksHeader ? [`topics.${alias}: expected csv with \`header: 'none'\` for a topic that a step writes`] : []),
    ]
  })
}

const findTopicFaults = ({ topics }: AnyDefinition, { deadLetterTopic }: TopologyNames): readonly string[] => {
  const faults: string[] = []
  const aliasOf = new Map<string, string>()
  for (const [alias, topic] of Object.entries(topics)) {
    for (const name of namesOfTopic(topic)) {
      const other = aliasOf.get(name)
      if (other !== undefined)
        faults.push(`topics.${alias}: expected a topic of its own, got ${name}, as topics.${other}`)
      if (name === deadLetterTopic)
        faults.push(`topics.${alias}: expected another topic than the dead letters', got ${name}`)
      if (!topicName.test(name) || name === '.' || name === '..') {
        faults.push(`topics.${alias}: expected a topic name (letters, digits, dot, underscore, hyphen), got ${name}`)
      }
      // KafkaJS keeps topics as properties of plain objects.
      if (Object.hasOwn(Object.prototype, name)) {
        faults.push(`topics.${alias}: expected another name than a property of every JavaScript object, got ${name}`)
      }
      aliasOf.set(name, alias)
    }
    const { partitions, updates } = topic
    if (updates === '') faults.push(`topics.${alias}.updates: expected a text, got an empty one`)
    if (partitions !== undefined && !(Number.isInteger(partitions) && partitions >= 1)) {
      faults.push(`topics.${alias}.partitions: expected a whole number from 1, got ${partitions}`)
    }
  }
  return faults
}

const findUnknownAliases = (definition: AnyDefinition): readonly string[] => {
  const { topics } = definition
  const known = Object.keys(topics).join(', ')
  const unknown = (part: 'steps' | 'sample' | 'results'): readonly string[] =>
    Object.keys((part === 'sample' ? samplesByAlias(definition) : definition[part]) ?? {})
      .filter((alias) => !Object.hasOwn(topics, alias))
      .map((alias) => `${part}.${alias}: expected one of the topics (${known}), got ${alias}`)
  const lists = listRoutes(definition)
    .filter(({ to }) => typeof topics[to]?.name !== 'string')
    .map(({ from, to }) => `steps.${from}: expected an output with one topic, got ${to}, which has several`)
  const none = listSources(definition).length === 0 ? ['steps: expected at least one step, got none'] : []
  return [...unknown('steps'), ...unknown('sample'), ...unknown('results'), ...lists, ...none]
}

const samplesByAlias = ({ sample }: AnyDefinition): object => (sample && !isOneSample(sample) ? sample : {})

/** Finds cycles: a record that returns to its own topic would circulate forever. */
const findCycles = (definition: AnyDefinition): readonly string[] => {
  const routes = listRoutes(definition)
  const findCycle = (path: readonly string[]): readonly string[] | undefined => {
    const at = path.at(-1)
    for (const { to } of routes.filter(({ from }) => from === at)) {
      if (to === path[0]) return [...path, to]
      const cycle = path.includes(to) ? undefined : findCycle([...path, to])
      if (cycle) return cycle
    }
    return undefined
  }
  for (const { from } of routes) {
    const cycle = findCycle([from])
    if (cycle) return [`steps: expected a way that ends, got the cycle ${cycle.join(' → ')}`]
  }
  return []
}
