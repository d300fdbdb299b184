import type { Clock } from '@kafka-etl/common'
import type { Admin } from 'kafkajs'
import { readLogRanges } from './log-ranges.js'
import type { Partitions } from './partitions.js'

/** What was committed when the reader started. */
export type Goal = {
  readonly isReached: () => boolean
  /** Offsets between where the reader stood at its start and the goal. */
  readonly total: number
  readonly done: () => number
}

const looks = 3
const pauseMs = 1_000

/** Reads how far the log goes now. Throws where it is not the log that the file came from. */
export const readGoal = async (
  admin: Admin,
  topic: string,
  partitions: Partitions,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Goal> => {
  let ranges = await readLogRanges(admin, topic)
  for (let look = 1; !partitions.look(ranges, partitions.nexts()) && look < looks; look++) {
    await clock.sleep(pauseMs, signal)
    ranges = await readLogRanges(admin, topic)
  }
  const targets = [...ranges].map(([partition, { stableEnd }]) => {
    const start = partitions.nextOf(partition)
    return { partition, start, end: Math.max(start, stableEnd) }
  })
  return {
    isReached: () => targets.every(({ partition, end }) => partitions.nextOf(partition) >= end),
    total: sum(targets.map(({ start, end }) => end - start)),
    done: () => sum(targets.map(({ partition, start, end }) => Math.min(partitions.nextOf(partition), end) - start)),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
