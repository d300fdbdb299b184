import { noMetadata, type CommittedMetadata, type LogRange } from '@kafka-etl/kafka'
import { markedFromKey, type CommittedPosition } from '../positions.js'
import { partitionKey } from '../topics.js'
import { UsageError } from '../report.js'

/** Where the group should continue. */
export type ResetTarget =
  | { readonly kind: 'offset'; readonly offset: bigint }
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'time'; readonly epochMs: number }

/** The selected partitions; undefined: all. */
export type ResetScope = { readonly topic: string | undefined; readonly partition: number | undefined }

/** One partition of the plan. */
export type OffsetMove = {
  readonly topic: string
  readonly partition: number
  /** The committed offset of the group, if it is valid. */
  readonly committed: bigint | undefined
  readonly target: bigint
  /** The metadata for the new offset. */
  readonly metadata: CommittedMetadata
}

/** What is known of a partition besides its log. */
export type MoveContext = {
  readonly position: CommittedPosition | undefined
  /** The id of the current topic; undefined: the broker has no ids. */
  readonly topicId: string | undefined
  /** Whether the output partition of this input partition has, or had, records. */
  readonly hasOutputs: boolean
}

/** The logs within the scope. Throws if there are none. */
export const selectLogs = (logs: readonly LogRange[], { topic, partition }: ResetScope): readonly LogRange[] => {
  const selected = logs.filter(
    (log) => (topic === undefined || log.topic === topic) && (partition === undefined || log.partition === partition),
  )
  if (selected.length > 0) return selected
  const scope = `${topic ?? 'any input topic'}${partition === undefined ? '' : ` partition ${partition}`}`
  throw new UsageError(`expected one of ${logs.map(partitionKey).join(', ')}, got ${scope}`)
}

/**
 * Where a partition should continue. `offsetAtTime` is the offset of its first record from that time on, if there is
 * one.
 */
export const planMove = (
  log: LogRange,
  context: MoveContext,
  target: ResetTarget,
  offsetAtTime: bigint | undefined,
): OffsetMove => {
  const { topic, partition } = log
  const offset = resolveTarget(log, target, offsetAtTime)
  return {
    topic,
    partition,
    committed: context.position?.offset,
    target: offset,
    metadata: planMetadata(context, offset),
  }
}

/**
 * Ties the new offset to the current topic. If the group has no valid offset and there are outputs, they may belong to
 * an earlier topic with this name: the ETL then has to mark its own, as it does when it starts by itself.
 */
const planMetadata = ({ position, topicId, hasOutputs }: MoveContext, offset: bigint): CommittedMetadata => {
  const { isMarked, pipeline, others } = position?.metadata ?? noMetadata
  if (position?.offset !== undefined) {
    const from = others[markedFromKey]
    const lowered = typeof from === 'number' && Number(offset) < from ? { [markedFromKey]: Number(offset) } : {}
    return { topicId, isMarked, pipeline, others: { ...others, ...lowered } }
  }
  if (!hasOutputs || topicId === undefined) return { topicId, isMarked: false, pipeline, others }
  return { topicId, isMarked: true, pipeline, others: { ...others, [markedFromKey]: Number(offset) } }
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
export const describeMove = ({ committed, target }: Pick<OffsetMove, 'committed' | 'target'>): string => {
  if (committed === undefined) return 'sets the first offset'
  if (target < committed) return `${committed - target} offsets again: their outputs will be there twice`
  if (target > committed) return `${target - committed} offsets left out: their outputs will be missing`
  return 'stays'
}
