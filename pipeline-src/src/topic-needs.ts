import type { AnyDefinition } from './definition.js'
import { namesOfTopic, planTopology, type PartitionCounts, type TopologyNames } from './topology.js'

/** All topics of a pipeline, including its dead letters, and what they need in addition to the existing ones. */
export type PipelineNeeds = {
  readonly topics: readonly string[]
  readonly plan: (existing: PartitionCounts) => readonly {
    readonly topic: string
    readonly partitions: number
    readonly settings: Readonly<Record<string, string>>
  }[]
}

export const needsOfPipeline = (definition: AnyDefinition, names: TopologyNames): PipelineNeeds => ({
  topics: [...Object.values(definition.topics).flatMap(namesOfTopic), names.deadLetterTopic],
  plan: (existing) => {
    const { topics, deadLetters } = planTopology(definition, names, existing)
    return [
      ...topics.map(({ name, partitions, settings }) => ({ topic: name, partitions, settings })),
      { ...deadLetters, settings: {} },
    ]
  },
})
