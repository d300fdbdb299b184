import { formatCommittedMetadata, noMetadata, parseCommittedMetadata, type CommittedOffset } from '@kafka-etl/kafka'
import type { Stream } from './stream/stream.js'

/**
 * How far the stream is in one topic. It is committed for the topic's partition 0, in a group of the stream's own and
 * in the transaction that writes the records: no record in a topic, whoever wrote it, is taken for the stream's.
 */
export type TopicPosition = {
  /** All records of the topic below this one are in it; the group's committed offset. */
  readonly next: number
  /** All records below this one are in their topics, whichever these are. */
  readonly confirmed: number
}

/** The first record of each topic that is not in it, in the order of the stream's topics. */
export type StreamPosition = readonly number[]

/** The group that holds the positions of a pipeline's stream of this seed; a file's stream is known by its contents. */
export const positionGroupOf = (pipeline: string, seed: number, streamId: string): string =>
  `producer-${pipeline}-${seed}${streamId === '' ? '' : `-${streamId}`}`

/** Of the only writer of a pipeline's stream in a topic. */
export const transactionalIdOf = (pipeline: string, topic: string): string => `producer/${pipeline}/${topic}`

/** What is kept with the committed offset. `topicId` is undefined if the broker does not tell it. */
export const formatPositionMetadata = ({ confirmed }: TopicPosition, topicId: string | undefined): string =>
  formatCommittedMetadata({ ...noMetadata, topicId, others: { confirmed } })

/** Undefined if nothing was committed, or if it was for another topic of the same name, which is gone. */
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

/** A topic without a position begins where all others were known to be complete: it is new, or was made again. */
export const toStreamPosition = (committed: readonly (TopicPosition | undefined)[]): StreamPosition => {
  const confirmed = highestConfirmed(committed)
  return committed.map((position) => position?.next ?? confirmed)
}

/** Whether record `index` is in its topic. */
export const isSent = (position: StreamPosition, { topicAt }: Pick<Stream, 'topicAt'>, index: number): boolean =>
  index < (position[topicAt(index)] ?? 0)

/** The first record that is not in its topic. All below the highest `confirmed` are, and need not be looked at. */
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
