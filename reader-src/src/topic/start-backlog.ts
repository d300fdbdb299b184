import type { Clock, Logger } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import { readReadableRanges, type ReadableRange } from './continuity.js'
import type { Partitions, TopicResult } from './partitions.js'

/** What was committed, and not yet read, when the reader started. */
export type StartBacklog = {
  readonly isRead: () => boolean
  /** The number of offsets between the reader's start and the log's end at that time. */
  readonly total: number
  readonly done: () => number
}

const checks = 3
const pauseMs = 1_000

type BacklogContext = { readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal }

/** Reads how far the log goes now. Throws if it is not the log that the file came from. */
export const readStartBacklog = async (
  admin: KafkaAdmin,
  result: TopicResult,
  partitions: Partitions,
  { clock, logger, signal }: BacklogContext,
): Promise<StartBacklog> => {
  const { topic } = result
  let ranges = await readReadableRanges(admin, topic)
  for (let check = 1; !partitions.check(ranges, partitions.nexts()) && check < checks; check++) {
    await clock.sleep(pauseMs, signal)
    ranges = await readReadableRanges(admin, topic)
  }
  for (const [partition, range] of ranges) reportMissingStart(logger, result, partition, range, partitions)
  const targets = [...ranges].map(([partition, { stableEnd }]) => {
    const start = partitions.nextOf(partition)
    return { partition, start, end: Math.max(start, stableEnd) }
  })
  return {
    isRead: () => targets.every(({ partition, end }) => partitions.nextOf(partition) >= end),
    total: sum(targets.map(({ start, end }) => end - start)),
    done: () => sum(targets.map(({ partition, start, end }) => Math.min(partitions.nextOf(partition), end) - start)),
  }
}

/** Reports records that were deleted before this file was begun: no row of it contains them. */
const reportMissingStart = (
  logger: Logger,
  { topic, files }: TopicResult,
  partition: number,
  { start }: ReadableRange,
  partitions: Partitions,
): void => {
  if (start === 0 || partitions.positions().has(partition)) return
  logger.warn(
    { topic, partition, offset: start },
    `${topic}/${partition} begins at offset ${start}: earlier records were deleted, by retention or by hand, and ${files.path} will not have them`,
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
