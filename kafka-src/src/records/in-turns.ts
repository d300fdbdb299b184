import { randomInt } from 'node:crypto'
import type { FetchTopic } from 'kafkajs'

const rotate = <Item>(list: readonly Item[], by: number): Item[] => {
  const start = by % Math.max(1, list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}

/** The partitions of a fetch, rotated: each number puts another partition first. */
export const rotatePartitions = <Partition>(
  topics: readonly FetchTopic<Partition>[],
  turn: number,
): FetchTopic<Partition>[] =>
  rotate(topics, turn).map(({ topic, partitions }) => ({
    topic,
    partitions: rotate(partitions, Math.floor(turn / topics.length)),
  }))

/**
 * Rotates the partitions of a fetch at random. A broker fills a response in the order of the request, up to maxBytes
 * (KIP-74): if the first partition has a backlog, the last one starves. Chance puts each partition first equally often.
 * A counter would run in step with the brokers, which are asked one after the other.
 */
export const shufflePartitions = <Partition>(topics: readonly FetchTopic<Partition>[]): FetchTopic<Partition>[] =>
  rotatePartitions(topics, randomInt(2 ** 31))
