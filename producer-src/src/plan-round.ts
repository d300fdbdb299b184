import { isSent, type StreamPosition } from './stream-position.js'
import type { Stream } from './stream/stream.js'

/** The numbers of one round's records for one topic. They go into one transaction. */
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
 * Where a round that begins at `start` must end, at the latest at `end`: before a record with a pause, and, in an
 * ordered stream, before a record of another topic.
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
