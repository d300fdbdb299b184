import { ensureTopics, type KafkaAdmin } from '@kafka-etl/kafka'
import { listSources, needsOfPipeline, planTopology, type Topology } from '@kafka-etl/pipeline'
import type { EtlContext } from './etl-context.js'

export const sourceTopicsOf = ({ pipeline }: EtlContext): readonly string[] =>
  listSources(pipeline.definition).map(({ topic }) => topic)

/** What ends an update, of each topic that has them. */
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

/** Makes and grows what is missing, and plans by what there is then. */
export const ensurePipelineTopics = async (
  { pipeline: { definition, names }, logger }: EtlContext,
  admin: KafkaAdmin,
): Promise<Topology> =>
  planTopology(definition, names, await ensureTopics(admin, needsOfPipeline(definition, names), logger))
