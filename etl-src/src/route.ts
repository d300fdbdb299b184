import {
  fastPathOf,
  partitionOfSource,
  type AnyDefinition,
  type PartitionCounts,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'

/** An input partition, and the output partitions that may hold its outputs. */
export type Route = {
  readonly topic: string
  readonly partition: number
  readonly outputs: readonly OutputPlace[]
}

/** `partition` undefined: any partition of the topic, since keys decide. */
export type OutputPlace = { readonly topic: string; readonly partition: number | undefined }

/** The topic with a step, and its number among all such topics. Throws if it has no step. */
export const findSource = ({ sources }: Topology, topic: string): Source => {
  const source = sources.find((candidate) => candidate.topic === topic)
  if (!source) throw new Error(`expected a topic with a step, got ${topic}`)
  return source
}

export const routeOf = (definition: AnyDefinition, topology: Topology, topic: string, partition: number): Route => {
  const { alias, index } = findSource(topology, topic)
  const step = definition.steps[alias]
  const fast = step && fastPathOf(step)
  const place = { index, count: topology.sources.length, partition }
  const written = new Set(topology.routes.filter(({ from }) => from === alias).map(({ to }) => to))
  const outputs = topology.topics
    .filter((planned) => written.has(planned.alias))
    .map(({ alias: output, name, partitions }) => ({
      topic: name,
      // A step with a fast path sets no keys.
      partition: fast?.to === output ? partitionOfSource(place, partitions) : undefined,
    }))
  return { topic, partition, outputs }
}

/** One route for each partition of the topics with steps. */
export const routesOf = (
  definition: AnyDefinition,
  topology: Topology,
  partitionCounts: PartitionCounts,
): readonly Route[] =>
  topology.sources.flatMap(({ topic }) =>
    Array.from({ length: partitionCounts.get(topic) ?? 0 }, (_, partition) =>
      routeOf(definition, topology, topic, partition),
    ),
  )
