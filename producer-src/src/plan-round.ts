import { isSent, type StreamPosition } from './stream-position.js'
import type { Stream } from './stream/stream.js'

/** Records of one round that go to one topic, and so into one transaction, by their numbers. */
export type TopicBatch = { readonly topicIndex: number; readonly indexes: readonly number[] }

type Plan = Pick<Stream, 'topics' | 'topicAt'>

/** The records from `start` up to but not including `end` that are not in their topics yet, by topic. */
export const planRound = (
  stream: Plan,
  position: StreamPosition,
  start: number,
  end: number,
): readonly TopicBatch[] => {
  const batches = stream.topics.map((_, topicIndex) => ({ topicIndex, indexes: [] as number[] }))
  for (let index = start; index < end; index++) {
    if (isSent(position, stream, index)) continue
    batches[stream.topicAt(index)]?.indexes.push(index)
  }
  return batches.filter(({ indexes }) => indexes.length > 0)
}

/**
 * Where a round that begins at `start` has to end, `end` at the latest: before a record that waits for a pause of its
 * own, and in an ordered stream before one of another topic.
 */
export const endOfRound = (
  { isOrdered, topics, topicAt, afterMsAt }: Plan & Pick<Stream, 'isOrdered' | 'afterMsAt'>,
  start: number,
  end: number,
): number => {
  const isOneTopic = !isOrdered || topics.length === 1
  const topic = topicAt(start)
  for (let index = start + 1; index < end; index++) {
    if (afterMsAt(index) !== undefined || (!isOneTopic && topicAt(index) !== topic)) return index
  }
  return end
}
