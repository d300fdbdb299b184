import { parseCommittedMetadata, type CommittedMetadata, type KafkaAdmin, type LogRange } from '@kafka-etl/kafka'
import { partitionKey } from './topics.js'

/** What the group has committed for an input partition. */
export type CommittedPosition = {
  /** Where the group continues; undefined: at the log's start, since it has no valid committed offset. */
  readonly offset: bigint | undefined
  /** The committed offset, valid or not; undefined: none. */
  readonly committed: bigint | undefined
  readonly metadata: CommittedMetadata
  /** Whether the committed offset belongs to a deleted topic with this name: then it is not valid. */
  readonly isOfEarlierTopic: boolean
}

/** The group's positions in all partitions of the topics, by `topic/partition`. */
export const readPositions = async (
  admin: KafkaAdmin,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, CommittedPosition>> => {
  const topicIds = await admin.readTopicIds(topics)
  const answers = await admin.readCommittedOffsets({ groupId, topics })
  return new Map(
    answers.map(({ topic, partition, offset, metadata }) => [
      partitionKey({ topic, partition }),
      toPosition(offset, parseCommittedMetadata(metadata), topicIds.get(topic)),
    ]),
  )
}

/** `topicId`: that of the current topic; undefined: unknown, and every committed offset is valid. */
export const toPosition = (
  committed: bigint | undefined,
  metadata: CommittedMetadata,
  topicId: string | undefined,
): CommittedPosition => {
  const isOfEarlierTopic =
    committed !== undefined && topicId !== undefined && metadata.topicId !== undefined && metadata.topicId !== topicId
  return { offset: isOfEarlierTopic ? undefined : committed, committed, metadata, isOfEarlierTopic }
}

/**
 * A metadata key that a reset adds if outputs are marked only from its offset on: earlier records may have unmarked
 * outputs, of this topic or an earlier one.
 */
export const markedFromKey = 'markedFrom'

/** Why the group cannot or will not continue from its position, in a sentence. */
export type PositionFault = {
  readonly sentence: string
  /** The command that fixes it, to run while the ETL is stopped; undefined: the ETL continues by itself. */
  readonly command: string | undefined
}

export const findPositionFault = (
  log: LogRange,
  { offset, committed, isOfEarlierTopic }: CommittedPosition,
): PositionFault | undefined => {
  const { start, end } = log
  if (isOfEarlierTopic) {
    return {
      sentence: `the topic was deleted and recreated: the committed offset ${committed} belongs to the old topic and does not count; the ETL reads the new one from its start`,
      command: undefined,
    }
  }
  if (offset === undefined) return undefined
  if (offset < start) {
    return {
      sentence: `retention deleted ${start - offset} offsets before they were read (${offset} to ${start - 1n})`,
      command: resetCommand(log, '--to-earliest'),
    }
  }
  if (offset > end) {
    return {
      sentence: `the group is beyond the end: it has committed offset ${offset}, but the log ends at ${end}: the topic was deleted and recreated, or its broker lost data`,
      command: resetCommand(log, '--to-earliest'),
    }
  }
  return undefined
}

const resetCommand = ({ topic, partition }: LogRange, target: string): string =>
  `npm run admin -- reset ${target} --topic ${topic} --partition ${partition} --execute`
