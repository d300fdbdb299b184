import { ensureTopics, type KafkaAdmin } from '@kafka-etl/kafka'
import { listSources, needsOfPipeline, planTopology, type Topology } from '@kafka-etl/pipeline'
import type { EtlContext } from './etl-context.js'

export const sourceTopicsOf = ({ pipeline }: EtlContext): readonly string[] =>
  listSources(pipeline.definition).map(({ topic }) => topic)

/** The value that ends an update, for each topic with updates. */
export const updatesOf = ({ pipeline: { definition } }: EtlContext): ReadonlyMap<string, string> =>
  new Map(
    listSources(definition).flatMap(({ topic, alias }) => {
      const endText = definition.topics[alias]?.updates
      return endText === undefined ? [] : [[topic, endText] as const]
    }),
  )

export const writtenTopicsOf = ({ topics, deadLetters }: Topology): readonly string[] => [
  ...topics.filter(({ isWritten }) => isWritten).map(({ name }) => name),
  deadLetters.topic,
]

/** Creates missing topics and grows small ones, then plans with the resulting topics. */
export const ensurePipelineTopics = async (
  { pipeline: { definition, names }, logger }: EtlContext,
  admin: KafkaAdmin,
): Promise<Topology> =>
  planTopology(definition, names, await ensureTopics(admin, needsOfPipeline(definition, names), logger))
