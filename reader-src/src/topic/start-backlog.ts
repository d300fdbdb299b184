import type { Clock } from '@kafka-etl/common'
import type { Admin } from 'kafkajs'
import { readLogRanges } from './continuity.js'
import type { Partitions } from './partitions.js'

/** What was committed, and not yet read, when the reader started. */
export type StartBacklog = {
  readonly isRead: () => boolean
  /** Offsets from where the reader started to where the log ended then. */
  readonly total: number
  readonly done: () => number
}

const checks = 3
const pauseMs = 1_000

/** Reads how far the log goes now. Throws if it is not the log that the file came from. */
export const readStartBacklog = async (
  admin: Admin,
  topic: string,
  partitions: Partitions,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<StartBacklog> => {
  let ranges = await readLogRanges(admin, topic)
  for (let check = 1; !partitions.check(ranges, partitions.nexts()) && check < checks; check++) {
    await clock.sleep(pauseMs, signal)
    ranges = await readLogRanges(admin, topic)
  }
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
