import { parseCommittedMetadata, type CommittedMetadata, type KafkaAdmin, type LogRange } from '@kafka-etl/kafka'
import { partitionKey } from './topics.js'

/** What the group has committed for an input partition. */
export type CommittedPosition = {
  /** Where the group goes on; undefined: at the log's start, since it has committed nothing that counts. */
  readonly offset: bigint | undefined
  /** What is committed, also if it does not count; undefined: nothing. */
  readonly committed: bigint | undefined
  readonly metadata: CommittedMetadata
  /** What is committed is of a topic of this name that was deleted: it does not count. */
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

/** `topicId`: that of the present topic; undefined: it is not known, and every committed offset counts. */
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
 * Key of the metadata that a reset adds if outputs are marked from its offset on only: what is before may have unmarked
 * outputs, of this topic or an earlier one.
 */
export const markedFromKey = 'markedFrom'

/** Why the group cannot go on where its position is, or will not, in a sentence. */
export type PositionFault = {
  readonly sentence: string
  /** What mends it, to be typed while the ETL is stopped; undefined: the ETL goes on by itself. */
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
