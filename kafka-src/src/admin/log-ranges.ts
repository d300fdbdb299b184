import type { Admin } from 'kafkajs'
import { readListedOffsets, type ListedOffset, type LogPlace } from '../requests/list-offsets.js'
import { leaderlessError, type DescribeTopics } from './describe-topics.js'
import type { TopicDescription } from './topics.js'

/** The range of offsets in a partition's log. */
export type LogRange = {
  readonly topic: string
  readonly partition: number
  /** The first offset that retention has kept. */
  readonly start: bigint
  /** The high watermark: the offset after the last record, committed or not. */
  readonly end: bigint
  /**
   * The last stable offset: the end of what a read_committed consumer sees. Records held back by an open transaction
   * follow.
   */
  readonly stableEnd: bigint
}

export type PartitionOffset = { readonly partition: number; readonly offset: bigint }

/**
 * The logs of the topics' partitions, in the given order of topics, then by partition. Rejects if a topic is missing.
 */
export const readLogRanges = async (
  admin: Admin,
  describe: DescribeTopics,
  topics: readonly string[],
): Promise<readonly LogRange[]> => {
  const described = await describe(topics)
  requireTopics(topics, described)
  const leaders = groupByLeader(described)
  const [starts, ends, stableEnds] = await Promise.all([
    readPlaces(admin, 'start', leaders),
    readPlaces(admin, 'end', leaders),
    readPlaces(admin, 'stableEnd', leaders),
  ])
  return topics.flatMap((topic) =>
    (described.find((candidate) => candidate.topic === topic)?.partitions ?? []).map(({ partition }) => {
      const offsetIn = (offsets: ReadonlyMap<string, bigint>): bigint => {
        const offset = offsets.get(keyOf({ topic, partition }))
        if (offset === undefined) throw new Error(`expected the offsets of ${topic}/${partition}, got no answer`)
        return offset
      }
      return { topic, partition, start: offsetIn(starts), end: offsetIn(ends), stableEnd: offsetIn(stableEnds) }
    }),
  )
}

const keyOf = ({ topic, partition }: Pick<ListedOffset, 'topic' | 'partition'>): string => `${topic}/${partition}`

export type Leaders = ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>

/** The partitions of each topic, grouped by the broker that leads them. */
export const groupByLeader = (described: readonly TopicDescription[]): Leaders => {
  const leaders = new Map<number, Map<string, number[]>>()
  for (const { topic, partitions } of described) {
    for (const { partition, leaderId } of partitions) {
      if (leaderId === undefined) throw leaderlessError(topic)
      const led = leaders.get(leaderId) ?? new Map<string, number[]>()
      leaders.set(leaderId, led.set(topic, [...(led.get(topic) ?? []), partition]))
    }
  }
  return leaders
}

const readPlaces = async (admin: Admin, place: LogPlace, leaders: Leaders): Promise<ReadonlyMap<string, bigint>> => {
  const listed = await Promise.all(
    [...leaders].map(([nodeId, topics]) => readListedOffsets(admin, place, { nodeId, topics })),
  )
  return new Map(listed.flat().map((one) => [keyOf(one), one.offset]))
}

const requireTopics = (topics: readonly string[], described: readonly TopicDescription[]): void => {
  const missing = topics.filter((topic) => !described.some((candidate) => candidate.topic === topic))
  if (missing.length === 0) return
  throw new Error(
    `expected the topic ${missing.join(' and ')}, found none that this user may see: the services create their topics when they start`,
  )
}

export const readOffsetsAtTime = async (
  admin: Admin,
  topic: string,
  epochMs: number,
): Promise<readonly PartitionOffset[]> =>
  (await admin.fetchTopicOffsetsByTimestamp(topic, epochMs)).map(({ partition, offset }) => ({
    partition,
    offset: BigInt(offset),
  }))
