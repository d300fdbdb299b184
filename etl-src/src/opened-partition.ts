import type { Logger } from '@kafka-etl/common'
import {
  formatCommittedMetadata,
  type CommittedMetadata,
  type PartitionWrite,
  type RecordViews,
  type TransactionContent,
  type TransactionalSink,
} from '@kafka-etl/kafka'
import type { PartitionState } from '@kafka-etl/pipeline'
import { withCommittedState } from './committed-state.js'
import type { BatchContext } from './conversions.js'
import type { ConvertedBatch } from './convert-batch.js'
import type { StartPosition } from './judge-position.js'
import { logStart } from './log-start.js'
import { timedOutOffsetOf, withoutHandled, withTimedOutOffset } from './timed-out-step.js'
import type { UpdateHold } from './update-hold.js'

/** Part of a batch that a transaction has committed: the group continues at `nextOffset`. */
export type Committed = {
  readonly converted: ConvertedBatch
  readonly nextOffset: bigint
  /** How long the conversion and the transaction took. */
  readonly seconds: number
}

/** Converts a partition's records and writes its outputs, until something fails or the group rebalances. */
export type PartitionWriter = {
  readonly sink: TransactionalSink
  /** Fetches what is needed to read the records' values; undefined if there is nothing to wait for. */
  readonly prepare?: ((records: RecordViews) => Promise<void> | undefined) | undefined
  readonly convert: (records: RecordViews, context: Omit<BatchContext, 'handledAtMs'>) => ConvertedBatch
  /** For a topic with updates: where their records wait. */
  readonly hold: UpdateHold | undefined
  /** The state after the records before the position. */
  readonly restoreState: (start: StartPosition) => Promise<PartitionState>
  /** Larger values fit no output: no more of them is decompressed. */
  readonly maxValueBytes: number
  /** Call it only after the sink is open: its init settles what earlier writers left. */
  readonly readPosition: () => Promise<StartPosition>
}

export type PartitionOptions = {
  readonly topic: string
  readonly partition: number
  readonly groupId: string
  readonly logger: Logger
  readonly monotonicMs: () => number
  readonly openWriter: () => Promise<PartitionWriter>
  /** The topic's current id (KIP-516); undefined if the broker has none. */
  readonly readTopicId: () => Promise<string | undefined>
}

/** An input partition with an open writer, and how far its transactions have come. */
export type OpenedPartition = PartitionWriter & {
  readonly generation: number
  metadata: CommittedMetadata
  /** The committed position. */
  position: bigint
  state: PartitionState
  /** Where reading continues: after the position if records wait for their update to end. */
  readOffset: bigint
}

/** Fences every other writer, then reads the position. On an error it discards the sink before it throws. */
export const openPartition = async (options: PartitionOptions, generation: number): Promise<OpenedPartition> => {
  const writer = await options.openWriter()
  try {
    const start = await writer.readPosition()
    logStart(options.logger, start)
    const state = await writer.restoreState(start)
    const { metadata, offset } = start
    const opened = { ...writer, generation, metadata, position: offset, state, readOffset: offset }
    // Commit before the first output: an instance that finds outputs but no committed offset attributes them to an
    // earlier topic.
    if (start.kind !== 'committed') await opened.sink.commit(contentOf(options, opened, [], offset))
    return opened
  } catch (error) {
    writer.sink.discard()
    throw error
  }
}

/** Converts prepared records, and commits their outputs and the offset after them in one transaction. */
export const commitRecords = async (
  options: PartitionOptions,
  opened: OpenedPartition,
  records: RecordViews,
  nextOffset: bigint,
): Promise<Committed> => {
  const startedMs = options.monotonicMs()
  const { isMarked, topicId } = opened.metadata
  const converted = opened.convert(records, {
    topicId: isMarked ? topicId : undefined,
    timedOutOffset: timedOutOffsetOf(opened.metadata),
    state: opened.state,
  })
  opened.metadata = withoutHandled(opened.metadata, nextOffset)
  opened.state = converted.state
  await opened.sink.commit(contentOf(options, opened, converted.writes, nextOffset))
  opened.position = nextOffset
  opened.readOffset = nextOffset
  return { converted, nextOffset, seconds: (options.monotonicMs() - startedMs) / 1000 }
}

/** Commits, with the position, that the step of the record at `offset` did not return. */
export const commitTimeout = async (
  options: PartitionOptions,
  opened: OpenedPartition,
  offset: bigint,
): Promise<void> => {
  opened.metadata = withTimedOutOffset(opened.metadata, offset)
  await opened.sink.commit(contentOf(options, opened, [], opened.position))
}

const contentOf = (
  options: PartitionOptions,
  opened: OpenedPartition,
  writes: Iterable<PartitionWrite>,
  nextOffset: bigint,
): TransactionContent => {
  const { groupId, topic, partition } = options
  const metadata = formatCommittedMetadata(withCommittedState(opened.metadata, opened.state, nextOffset))
  return {
    writes,
    position: { groupId, topic, partition, nextOffset, metadata },
    check: () => checkTopic(options, opened),
  }
}

/** This runs after the records were fetched: if the topic still has the same id, they come from that topic. */
const checkTopic = async (
  { topic, partition, readTopicId }: PartitionOptions,
  { metadata }: OpenedPartition,
): Promise<void> => {
  if (metadata.topicId === undefined) return
  const topicId = await readTopicId()
  if (topicId === metadata.topicId) return
  throw new Error(
    `${topic} partition ${partition}: expected the topic with the id ${metadata.topicId}, got ${topicId ?? 'none'}: it was deleted, or recreated`,
  )
}
