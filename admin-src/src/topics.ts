import type { KafkaAdmin } from '@kafka-etl/kafka'
import { listRoutes, listSources, namesOfTopic } from '@kafka-etl/pipeline'
import type { AdminPipeline } from './pipelines/definitions.js'

type PartitionName = { readonly topic: string; readonly partition: number }

export const partitionKey = ({ topic, partition }: PartitionName): string => `${topic}/${partition}`

/** The topics that the pipeline's steps read, in order. */
export const inputTopics = ({ definition }: AdminPipeline): readonly string[] =>
  listSources(definition).map(({ topic }) => topic)

/** The value that ends an update, for each input with updates. */
export const inputUpdates = ({ definition }: AdminPipeline): ReadonlyMap<string, Buffer> =>
  new Map(
    listSources(definition).flatMap(({ topic, alias }) => {
      const endText = definition.topics[alias]?.updates
      return endText === undefined ? [] : [[topic, Buffer.from(endText)] as const]
    }),
  )

/** The topics that its steps write, then the dead letters. */
export const outputTopics = ({ definition, names }: AdminPipeline): readonly string[] => {
  const written = new Set(listRoutes(definition).map(({ to }) => to))
  const topics = Object.entries(definition.topics).filter(([alias]) => written.has(alias))
  return [...topics.flatMap(([, topic]) => namesOfTopic(topic)), names.deadLetterTopic]
}

/** All topics of the pipeline, each once. */
export const allTopics = (pipeline: AdminPipeline): readonly string[] => [
  ...new Set([...inputTopics(pipeline), ...outputTopics(pipeline)]),
]

/** Rejects with a sentence if a topic is missing. */
export const requireTopics = async (admin: KafkaAdmin, topics: readonly string[]): Promise<void> => {
  await admin.readLogRanges(topics)
}
