import { formatCommittedMetadata, noMetadata, parseCommittedMetadata, type CommittedOffset } from '@kafka-etl/kafka'
import type { Stream } from './stream/stream.js'

/**
 * How far the stream has been sent to one topic. The producer commits it for the topic's partition 0, in a separate
 * group for each stream, within the transaction that writes the records. It never infers the position from records in
 * the topic, which anybody may have written.
 */
export type TopicPosition = {
  /** All records of the topic before this one are in it; this is the group's committed offset. */
  readonly next: number
  /** All records before this one are in their topics, whichever topics these are. */
  readonly confirmed: number
}

/** The first missing record of each topic, in the order of the stream's topics. */
export type StreamPosition = readonly number[]

/**
 * The group that holds the positions of a pipeline's stream with this seed. A file's stream is identified by its
 * contents.
 */
export const positionGroupOf = (pipeline: string, seed: number, streamId: string): string =>
  `producer-${pipeline}-${seed}${streamId === '' ? '' : `-${streamId}`}`

/** The transactional id of the only writer of a pipeline's stream in a topic. */
export const transactionalIdOf = (pipeline: string, topic: string): string => `producer/${pipeline}/${topic}`

/** The metadata of the committed offset. `topicId` is undefined if the broker has no ids. */
export const formatPositionMetadata = ({ confirmed }: TopicPosition, topicId: string | undefined): string =>
  formatCommittedMetadata({ ...noMetadata, topicId, others: { confirmed } })

/** Undefined if nothing was committed, or if it was committed for a deleted topic with the same name. */
export const parsePosition = (
  { offset, metadata }: Pick<CommittedOffset, 'offset' | 'metadata'>,
  topicId: string | undefined,
): TopicPosition | undefined => {
  if (offset === undefined) return undefined
  const committed = parseCommittedMetadata(metadata)
  const isOfAnother = committed.topicId !== undefined && topicId !== undefined && committed.topicId !== topicId
  if (isOfAnother) return undefined
  const { confirmed } = committed.others
  return { next: Number(offset), confirmed: typeof confirmed === 'number' ? confirmed : 0 }
}

/** A topic without a position is new or was recreated. It begins where all other topics were known to be complete. */
export const toStreamPosition = (committed: readonly (TopicPosition | undefined)[]): StreamPosition => {
  const confirmed = highestConfirmed(committed)
  return committed.map((position) => position?.next ?? confirmed)
}

/** Whether record `index` is in its topic. */
export const isSent = (position: StreamPosition, { topicAt }: Pick<Stream, 'topicAt'>, index: number): boolean =>
  index < (position[topicAt(index)] ?? 0)

/** The first record that is not in its topic. All records before the highest `confirmed` are, and need no check. */
export const firstUnsent = (
  committed: readonly (TopicPosition | undefined)[],
  stream: Pick<Stream, 'topicAt'>,
): number => {
  const position = toStreamPosition(committed)
  let index = Math.max(highestConfirmed(committed), Math.min(...position))
  while (isSent(position, stream, index)) index++
  return index
}

const highestConfirmed = (committed: readonly (TopicPosition | undefined)[]): number =>
  committed.reduce((highest, position) => Math.max(highest, position?.confirmed ?? 0), 0)
