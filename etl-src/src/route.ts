import { outputPartition, type CommonSettings } from '@kafka-etl/common'
import type { PartitionCounts } from '@kafka-etl/kafka'

/** An input partition and where its outputs go. */
export type Route = {
  readonly topic: string
  readonly partition: number
  readonly outputTopic: string
  readonly deadLetterTopic: string
  /** The partition of both output topics that belongs to this input partition alone. */
  readonly outputPartition: number
}

type Topics = Pick<CommonSettings, 'inputs' | 'outputTopic' | 'deadLetterTopic'>

/** The entry of INPUTS for a topic. Throws if there is none. */
export const inputOf = (
  { inputs }: Pick<CommonSettings, 'inputs'>,
  topic: string,
): CommonSettings['inputs'][number] => {
  const input = inputs.find((candidate) => candidate.topic === topic)
  if (!input) throw new Error(`expected a topic of INPUTS, got ${topic}`)
  return input
}

export const routeOf = (topics: Topics, topic: string, partition: number): Route => {
  const { inputs, outputTopic, deadLetterTopic } = topics
  const index = inputs.indexOf(inputOf(topics, topic))
  return {
    topic,
    partition,
    outputTopic,
    deadLetterTopic,
    outputPartition: outputPartition(inputs.length, index, partition),
  }
}

/** One for each partition of the input topics. */
export const routesOf = (topics: Topics, partitionCounts: PartitionCounts): readonly Route[] =>
  topics.inputs.flatMap(({ topic }) =>
    Array.from({ length: partitionCounts.get(topic) ?? 0 }, (_, partition) => routeOf(topics, topic, partition)),
  )
