import type { LogRange } from '@kafka-etl/kafka'
import { partitionKey } from '../topics.js'
import { UsageError } from '../report.js'

/** Where the group shall go on. */
export type ResetTarget =
  | { readonly kind: 'offset'; readonly offset: bigint }
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'time'; readonly epochMs: number }

/** Which partitions are meant; undefined: all. */
export type ResetScope = { readonly topic: string | undefined; readonly partition: number | undefined }

/** One partition of the plan. */
export type OffsetMove = {
  readonly topic: string
  readonly partition: number
  readonly committed: bigint | undefined
  readonly target: bigint
}

/** The partitions that the scope means; an error where it means none. */
export const selectLogs = (logs: readonly LogRange[], { topic, partition }: ResetScope): readonly LogRange[] => {
  const selected = logs.filter(
    (log) => (topic === undefined || log.topic === topic) && (partition === undefined || log.partition === partition),
  )
  if (selected.length > 0) return selected
  const scope = `${topic ?? 'any input topic'}${partition === undefined ? '' : ` partition ${partition}`}`
  throw new UsageError(`expected one of ${logs.map(partitionKey).join(', ')}, got ${scope}`)
}

/** Where a partition shall go on; `offsetAtTime` is that of its first record from that time on, if there is one. */
export const planMove = (
  log: LogRange,
  committed: bigint | undefined,
  target: ResetTarget,
  offsetAtTime: bigint | undefined,
): OffsetMove => {
  const { topic, partition } = log
  return { topic, partition, committed, target: resolveTarget(log, target, offsetAtTime) }
}

const resolveTarget = (log: LogRange, target: ResetTarget, offsetAtTime: bigint | undefined): bigint => {
  switch (target.kind) {
    case 'earliest':
      return log.start
    case 'latest':
      return log.stableEnd
    case 'time':
      return offsetAtTime ?? log.stableEnd
    case 'offset':
      if (target.offset >= log.start && target.offset <= log.stableEnd) return target.offset
      throw new UsageError(
        `expected an offset from ${log.start} to ${log.stableEnd} for ${partitionKey(log)}, got ${target.offset}`,
      )
  }
}

/** What a move means for the outputs. */
export const describeMove = ({ committed, target }: OffsetMove): string => {
  if (committed === undefined) return 'sets the first offset'
  if (target < committed) return `${committed - target} offsets again: their outputs will be there twice`
  if (target > committed) return `${target - committed} offsets left out: their outputs will be missing`
  return 'stays'
}
