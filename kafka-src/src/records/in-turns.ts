import { randomInt } from 'node:crypto'
import type { FetchTopic } from 'kafkajs'

const rotate = <Item>(list: readonly Item[], by: number): Item[] => {
  const start = by % Math.max(1, list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}

/** The partitions of a fetch, turned so that another comes first with each number. */
export const rotatePartitions = <Partition>(
  topics: readonly FetchTopic<Partition>[],
  turn: number,
): FetchTopic<Partition>[] =>
  rotate(topics, turn).map(({ topic, partitions }) => ({
    topic,
    partitions: rotate(partitions, Math.floor(turn / topics.length)),
  }))

/**
 * A broker fills a response in the order of the request, up to maxBytes (KIP-74): with a backlog in the first, the last
 * starves. Each comes first as often as the others, by chance: turns that are counted would go in step with the brokers
 * that are asked one after the other.
 */
export const shufflePartitions = <Partition>(topics: readonly FetchTopic<Partition>[]): FetchTopic<Partition>[] =>
  rotatePartitions(topics, randomInt(2 ** 31))
