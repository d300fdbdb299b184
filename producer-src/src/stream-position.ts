import { formatCommittedMetadata, noMetadata, parseCommittedMetadata, type CommittedOffset } from '@kafka-etl/kafka'
import { chooseZone } from './choose-zone.js'

/**
 * How far the stream is in one topic. It is committed for the topic's partition 0, in a group of the stream's own and
 * in the transaction that writes the logs: no record in a topic, whoever wrote it, is taken for the stream's.
 */
export type TopicPosition = {
  /** All logs of the topic below this one are in it; the group's committed offset. */
  readonly next: number
  /** All logs below this one are in their topics, whichever these are. */
  readonly confirmed: number
}

/** The first log of each input that is not in its topic, in the order of INPUTS. */
export type StreamPosition = readonly number[]

/** The group that holds the positions of the stream with this seed. */
export const positionGroupOf = (seed: number): string => `producer-timestamps-${seed}`

/** Of the only writer of a topic's stream. */
export const transactionalIdOf = (topic: string): string => `producer/timestamps/${topic}`

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
  const confirmed = committed.reduce((highest, position) => Math.max(highest, position?.confirmed ?? 0), 0)
  return committed.map((position) => position?.next ?? confirmed)
}

/** Whether log `index` is in its topic. */
export const isSent = (position: StreamPosition, seed: number, index: number): boolean =>
  index < (position[chooseZone(seed, index, position.length)] ?? 0)

/** The first log that is not in its topic. */
export const firstUnsent = (position: StreamPosition, seed: number): number => {
  let index = Math.min(...position)
  while (isSent(position, seed, index)) index++
  return index
}
