import { noMetadata, type CommittedMetadata, type LogRange } from '@kafka-etl/kafka'
import { markedFromKey, type CommittedPosition } from '../positions.js'
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
  /** What counts of what the group has committed. */
  readonly committed: bigint | undefined
  readonly target: bigint
  /** What is to be kept beside the new offset. */
  readonly metadata: CommittedMetadata
}

/** What is known of a partition beside its log. */
export type MoveContext = {
  readonly position: CommittedPosition | undefined
  /** Of the present topic; undefined: the broker knows no ids. */
  readonly topicId: string | undefined
  /** The output partition of this input partition has, or had, records. */
  readonly hasOutputs: boolean
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
 * The new offset is of the present topic. If the group has none that counts, and there are outputs, they may be of an
 * earlier topic of this name: the ETL has to mark its own then, as it does when it starts by itself.
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
