import type { KafkaReader } from '../kafka-link.js'
import type { Flow, TopicList } from '../protocol.js'

/** The filter finds the others: nobody reads ten thousand lines. */
const mostShown = 100

/** The topics whose names contain the text, those of the pipeline first. */
export const listTopics = async (reader: KafkaReader, flow: Flow, filter: string): Promise<TopicList> => {
  const own = new Set([...flow.topics.map(({ name }) => name), flow.deadLetterTopic])
  const wanted = filter.toLowerCase()
  const found = (await reader.listTopics()).filter((name) => name.toLowerCase().includes(wanted))
  const rank = (name: string): number => (own.has(name) ? 0 : name.startsWith('__') ? 2 : 1)
  const shown = found
    .toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other, 'en'))
    .slice(0, mostShown)
  const described = await reader.describeTopics(shown)
  return {
    total: found.length,
    topics: shown.flatMap((name) => {
      const partitions = described.find(({ topic }) => topic === name)?.partitions.length
      return partitions === undefined ? [] : [{ name, partitions, isOfPipeline: own.has(name) }]
    }),
  }
}
