import { namesOfTopic, type AnyDefinition, type GeneratedSample } from '@kafka-etl/pipeline'
import { createEncodeSample } from './encode-sample.js'
import { everyRecord, indexTopics, noPause, type Stream, type StreamTopic } from './stream.js'

/** The stream of a generator function. Each record goes to one of `topics`. */
export const createGeneratedStream = (
  definition: AnyDefinition,
  topics: readonly StreamTopic[],
  { make, topicOf, labelOf, order, afterMsOf, recordsOf, noun, rate, count }: GeneratedSample,
  seed: number,
): Stream => {
  const encoders = topics.map(({ alias }) => createEncodeSample(definition, alias))
  const indexes = indexTopics(topics)
  const topicAt = (index: number): number => {
    if (topicOf === undefined) return 0
    const chosen = topicOf(index, seed)
    const at = indexes.get(chosen)
    if (at === undefined) throw new Error(`expected a topic of the sample for record ${index}, got ${chosen}`)
    return at
  }
  return {
    id: '',
    topics: labelOf ? topics.map((topic) => ({ ...topic, label: labelOf(topic.name) })) : topics,
    noun,
    isOrdered: order === 'stream',
    rate,
    count,
    recordsOf: recordsOf ?? everyRecord,
    topicAt,
    afterMsAt: afterMsOf ?? noPause,
    recordAt: (index, now) => {
      const encode = encoders[topicAt(index)]
      if (!encode) throw new Error(`expected a topic for record ${index}, got none`)
      return encode(make(index, seed, now), now)
    },
  }
}

/** The topics that a sample may write: those of one alias, or all of the pipeline. */
export const listStreamTopics = ({ topics }: AnyDefinition, alias?: string): readonly StreamTopic[] =>
  Object.entries(topics)
    .filter(([name]) => alias === undefined || name === alias)
    .flatMap(([name, topic]) =>
      namesOfTopic(topic).map((topicName) => ({ alias: name, name: topicName, label: topicName })),
    )
