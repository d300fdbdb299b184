import { readRanges, repeatWhileBeingMade, type OffsetRange } from '@kafka-etl/kafka'
import type { Kafka } from 'kafkajs'
import { parseLogHeaders, type LogPosition } from './log-headers.js'
import { reachesBack, readProgress, type Progress } from './progress.js'

export type ResumeOptions = {
  readonly kafka: Kafka
  readonly topics: readonly string[]
  readonly seed: number
  readonly timeoutMs: number
}

/** The end of one partition: what it holds, how much of that was read, and the stream's logs in it. */
type Tail = OffsetRange & { readonly low: bigint; readonly positions: readonly LogPosition[] }

const firstWindow = 10_000n
const windowGrowth = 10n

/**
 * Finds out which logs of the stream with this seed stand in the topics, from the ends of their partitions. Reads
 * back only as far as needed, in growing windows, and nothing at all of empty topics.
 */
export const readResumePoint = async (options: ResumeOptions): Promise<Progress> => {
  const { topics, kafka } = options
  let tails = await findEnds(kafka, topics)
  for (let window = firstWindow; ; window *= windowGrowth) {
    const { confirmed } = readProgress(tails.map(({ positions }) => positions))
    const unread = tails.filter((tail) => tail.from > tail.low && !reachesBack(tail.positions, confirmed))
    if (unread.length === 0) return readProgress(tails.map(({ positions }) => positions))
    const wider = await readTails(options, unread, window)
    tails = tails.map((tail) => wider.find((other) => isSamePartition(tail, other)) ?? tail)
  }
}

/** Nothing read yet: each tail starts at its end. */
const findEnds = async (kafka: Kafka, topics: readonly string[]): Promise<readonly Tail[]> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const offsets = await Promise.all(
      topics.map(async (topic) =>
        (await repeatWhileBeingMade(() => admin.fetchTopicOffsets(topic))).map(({ partition, low, high }) => ({
          topic,
          partition,
          low: BigInt(low),
          from: BigInt(high),
          to: BigInt(high),
          positions: [],
        })),
      ),
    )
    return offsets.flat()
  } finally {
    await admin.disconnect()
  }
}

const readTails = async (options: ResumeOptions, tails: readonly Tail[], window: bigint): Promise<readonly Tail[]> => {
  const { kafka, seed, timeoutMs } = options
  const ranges = tails.map((tail) => {
    const from = tail.to - window
    return { ...tail, from: from > tail.low ? from : tail.low, positions: [] as LogPosition[] }
  })
  const read = await readRanges({
    kafka,
    groupPrefix: 'producer-resume',
    // Uncommitted records too: a transaction that somebody else left open must not hide what comes after it.
    isolation: 'read_uncommitted',
    ranges,
    stallMs: timeoutMs,
    onMessage: (range, { headers }) => {
      const position = parseLogHeaders(seed, headers)
      if (position) range.positions.push(position)
    },
  })
  if (!read.ok) throw new Error(describeUnread(read.unread, timeoutMs))
  return ranges
}

const describeUnread = (unread: readonly OffsetRange[], timeoutMs: number): string => {
  const where = unread.map(({ topic, partition, to }) => `${topic}/${partition} up to offset ${to}`).join(', ')
  return `expected to read the ends of the input topics, got nothing more of ${where} for ${timeoutMs / 1000} s`
}

const isSamePartition = (one: OffsetRange, other: OffsetRange): boolean =>
  one.topic === other.topic && one.partition === other.partition
