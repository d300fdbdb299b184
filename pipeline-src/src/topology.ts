import type { AnyDefinition, Topic } from './definition.js'
import { isOneSample } from './sample.js'
import { findStepOutputs } from './step-outputs.js'

/** How many partitions each topic has; missing topics are absent. */
export type PartitionCounts = ReadonlyMap<string, number>

export type PlannedTopic = {
  readonly alias: string
  readonly name: string
  readonly partitions: number
  readonly settings: Readonly<Record<string, string>>
  readonly isRead: boolean
  readonly isWritten: boolean
}

/** A topic that a step reads. Its index determines the partitions of outputs without their own key. */
export type Source = { readonly alias: string; readonly topic: string; readonly index: number }

/** Everything that a pipeline needs in Kafka, as a plan. It is computed without a broker. */
export type Topology = {
  readonly pipeline: string
  readonly groupId: string
  readonly topics: readonly PlannedTopic[]
  readonly sources: readonly Source[]
  /** From each input topic to the topics that its step writes, by alias. */
  readonly routes: readonly Route[]
  readonly deadLetters: { readonly topic: string; readonly partitions: number }
}

/** An input topic and an output topic of its step, by alias. */
export type Route = {
  readonly from: string
  readonly to: string
  /** The step's text does not name the topic: it passes `to` on. */
  readonly isGuessed?: true
}

export type TopologyNames = { readonly groupId: string; readonly deadLetterTopic: string }

/** Unambiguous, since no topic name contains a slash. */
export const transactionalIdOf = (groupId: string, topic: string, partition: number): string =>
  `${groupId}/${topic}/${partition}`

export const namesOfTopic = ({ name }: Pick<Topic<unknown>, 'name'>): readonly string[] =>
  typeof name === 'string' ? [name] : name

/** The topics with steps, in the order of the definition. */
export const listSources = ({ topics, steps }: AnyDefinition): readonly Source[] =>
  Object.entries(topics)
    .filter(([alias]) => steps[alias] !== undefined)
    .flatMap(([alias, topic]) => namesOfTopic(topic).map((name) => ({ alias, topic: name })))
    .map((source, index) => ({ ...source, index }))

/** Plans a valid definition ({@link findPipelineFaults}), given the existing topics. It never shrinks a topic. */
export const planTopology = (definition: AnyDefinition, names: TopologyNames, existing: PartitionCounts): Topology => {
  const sources = listSources(definition)
  const routes = listRoutes(definition)
  const partitionsOf = createPartitionPlan(definition, sources, routes, existing)
  const written = new Set(routes.map(({ to }) => to))
  const read = new Set(sources.map(({ alias }) => alias))
  const topics = Object.entries(definition.topics).flatMap(([alias, topic]) =>
    namesOfTopic(topic).map((name) => ({
      alias,
      name,
      partitions: partitionsOf(alias, name),
      settings: topic.settings ?? {},
      isRead: read.has(alias),
      isWritten: written.has(alias),
    })),
  )
  const counts = sources.map(({ alias, topic }) => partitionsOf(alias, topic))
  const deadLetters = partitionsNeeded(sources.length, sources, counts)
  return {
    pipeline: definition.name,
    groupId: names.groupId,
    topics,
    sources,
    routes,
    deadLetters: { topic: names.deadLetterTopic, partitions: deadLetters },
  }
}

/**
 * The least number of partitions with which no two partitions of the sources share one: partition p of source i of n
 * uses p*n + i.
 */
const partitionsNeeded = (n: number, sources: readonly Source[], counts: readonly number[]): number =>
  sources.reduce((needed, { index }, at) => Math.max(needed, ((counts[at] ?? 1) - 1) * n + index + 1), 1)

/**
 * From each input topic to the topics that its step writes. If a step passes `to` on, its text does not show what it
 * writes. It may then write each topic without a step, and each topic with a step to which the sample does not send,
 * unless that would create a cycle.
 */
export const listRoutes = (definition: AnyDefinition): Topology['routes'] => {
  const { topics, steps } = definition
  const aliases = Object.keys(topics)
  const read = aliases.flatMap((from) => {
    const step = steps[from]
    return step === undefined ? [] : [{ from, ...findStepOutputs(typeof step === 'function' ? step : step.update) }]
  })
  const routes: Route[] = read.flatMap(({ from, named }) =>
    aliases.filter((to) => named.has(to)).map((to) => ({ from, to })),
  )
  for (const { from, named, mayWriteOthers } of read) {
    if (!mayWriteOthers) continue
    const others = aliases.filter((to) => to !== from && !named.has(to) && (!steps[to] || isMadeHere(definition, to)))
    const possible = others.filter((to) => !leadsTo(routes, to, from))
    routes.push(...possible.map((to) => ({ from, to, isGuessed: true as const })))
  }
  return routes.sort((one, other) => aliases.indexOf(one.from) - aliases.indexOf(other.from))
}

/** Whether only steps write this topic: the pipeline has samples, but none for it. */
const isMadeHere = ({ sample, topics }: AnyDefinition, alias: string): boolean =>
  sample !== undefined &&
  !isOneSample(sample) &&
  sample[alias] === undefined &&
  topics[alias]?.value.rows?.startsWithHeader !== true

const leadsTo = (routes: Topology['routes'], from: string, to: string): boolean => {
  const reached = new Set([from])
  for (const alias of reached) {
    for (const route of routes) if (route.from === alias) reached.add(route.to)
  }
  return reached.has(to)
}

const createPartitionPlan = (
  { topics }: AnyDefinition,
  sources: readonly Source[],
  routes: Topology['routes'],
  existing: PartitionCounts,
): ((alias: string, name: string) => number) => {
  const plan = (alias: string, name: string): number => {
    const topic = topics[alias]
    const wanted = topic?.partitions ?? (topic?.key === undefined ? sourcesNeed(alias) : 1)
    return Math.max(wanted, existing.get(name) ?? 1)
  }
  /** Enough for p*n + i of each source; 1 for a topic that no step writes. */
  const sourcesNeed = (alias: string): number => {
    const writers = new Set(routes.filter(({ from, to }) => to === alias && from !== alias).map(({ from }) => from))
    const writing = sources.filter((source) => writers.has(source.alias))
    return partitionsNeeded(
      sources.length,
      writing,
      writing.map((source) => plan(source.alias, source.topic)),
    )
  }
  return plan
}
