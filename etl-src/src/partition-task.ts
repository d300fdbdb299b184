import { messageOf, serialize, type Logger } from '@kafka-etl/common'
import {
  formatCommittedMetadata,
  type CommittedMetadata,
  type FetchedBatch,
  type PartitionWrite,
  type RecordViews,
  type TransactionContent,
  type TransactionalSink,
} from '@kafka-etl/kafka'
import type { PartitionState } from '@kafka-etl/pipeline'
import type { StartPosition } from './committed-offset.js'
import { withCommittedState } from './committed-state.js'
import type { BatchContext, ConvertedBatch } from './convert-batch.js'
import { StepTimeoutError } from './step-watchdog.js'
import { timedOutOffsetOf, withoutHandled, withTimedOutOffset } from './timed-out-step.js'
import type { UpdateHold } from './update-hold.js'

/** Part of a batch that a transaction has committed: the group goes on at `nextOffset`. */
export type Committed = {
  readonly converted: ConvertedBatch
  readonly nextOffset: bigint
  /** How long the conversion and the transaction took. */
  readonly seconds: number
}

/** What a task needs of the consumer while it handles a batch. */
export type Turn = {
  /** Counts the times that this instance joined its group: the one in which the batch was fetched. */
  readonly generation: number
  /** False once the group has met again, or the service stops: what is left of the batch is fetched again. */
  readonly isCurrent: () => boolean
  readonly onCommitted: (committed: Committed) => void
  /** Records up to there wait for their update to end: reading goes on, and nothing is committed yet. */
  readonly onHeld: (nextOffset: bigint, records: number) => void
  /** The next fetch has to start there: the position is not where the batch begins. */
  readonly onElsewhere: (position: bigint) => void
}

/** Offsets of control records, of aborted ones, or of records that compaction has removed; both ends included. */
export type Stretch = { readonly firstOffset: bigint; readonly lastOffset: bigint }

export type PartitionTask = {
  /** Handles a fetched batch in one transaction a chunk; rejects if the rest of it is to be fetched again. */
  readonly handle: (batch: FetchedBatch, turn: Turn) => Promise<void>
  /** Commits a position behind offsets that hold nothing to read, so that they count as lag for nobody. */
  readonly passOver: (stretch: Stretch, turn: Turn) => Promise<void>
  /** Makes sure that the position is committed, before there is anything to handle. */
  readonly begin: (turn: Turn) => Promise<void>
  /** Closes the sink when the batch under way is done. The task may be used again. */
  readonly close: () => Promise<void>
}

/** What a partition's outputs are made with and written by, until something fails or the group meets again. */
export type PartitionWriter = {
  readonly sink: TransactionalSink
  /** Fetches what the records' values need to be read; undefined if there is nothing to wait for. */
  readonly prepare?: ((records: RecordViews) => Promise<void> | undefined) | undefined
  readonly convert: (records: RecordViews, context: Omit<BatchContext, 'handledAtMs'>) => ConvertedBatch
  /** Of a topic with updates: where their records wait. */
  readonly hold: UpdateHold | undefined
  /** What the records before the position led to. */
  readonly restoreState: (start: StartPosition) => Promise<PartitionState>
  /** Larger values fit no output, so no more of them is decompressed. */
  readonly maxValueBytes: number
  /** Only after the sink is open: its init settles what earlier writers left. */
  readonly readPosition: () => Promise<StartPosition>
}

export type PartitionTaskOptions = {
  readonly topic: string
  readonly partition: number
  readonly groupId: string
  readonly logger: Logger
  readonly monotonicMs: () => number
  readonly openWriter: () => Promise<PartitionWriter>
  /** The id that the topic has now (KIP-516); undefined if the broker does not say. */
  readonly readTopicId: () => Promise<string | undefined>
}

const noRecords: RecordViews = { forEach: () => undefined }

type Opened = PartitionWriter & {
  readonly generation: number
  metadata: CommittedMetadata
  /** What is committed. */
  position: bigint
  state: PartitionState
  /** Where reading goes on: behind the position if records wait for their update to end. */
  readOffset: bigint
}

/**
 * One input partition from fetched records to committed outputs. Its position is never a guess: it is read from the
 * group after the sink's init has fenced every other writer, and every batch has to continue exactly there.
 */
export const createPartitionTask = (options: PartitionTaskOptions): PartitionTask => {
  const { topic, partition, groupId, logger, monotonicMs, openWriter, readTopicId } = options
  const where = `${topic} partition ${partition}`
  let opened: Opened | undefined

  const discard = (): void => {
    opened?.sink.discard()
    opened = undefined
  }

  const open = async (generation: number): Promise<Opened> => {
    discard()
    const writer = await openWriter()
    try {
      const start = await writer.readPosition()
      logStart(logger, start)
      const state = await writer.restoreState(start)
      const { metadata, offset } = start
      const task = { ...writer, generation, metadata, position: offset, state, readOffset: offset }
      // Before the first output: whoever finds outputs but no committed offset takes them for those of an earlier topic.
      if (start.kind !== 'committed') await task.sink.commit(contentOf(task, [], offset, state))
      return task
    } catch (error) {
      writer.sink.discard()
      throw error
    }
  }

  const contentOf = (
    task: Opened,
    writes: readonly PartitionWrite[],
    nextOffset: bigint,
    state: PartitionState,
  ): TransactionContent => {
    const metadata = formatCommittedMetadata(withCommittedState(task.metadata, state, nextOffset))
    return { writes, position: { groupId, topic, partition, nextOffset, metadata }, check: () => checkTopic(task) }
  }

  /** The records were fetched before this is asked: if the topic has the same id still, they are of that topic. */
  const checkTopic = async ({ metadata }: Opened): Promise<void> => {
    if (metadata.topicId === undefined) return
    const topicId = await readTopicId()
    if (topicId === metadata.topicId) return
    throw new Error(
      `${where}: expected the topic with the id ${metadata.topicId}, got ${topicId ?? 'none'}: it was deleted, or made again`,
    )
  }

  const commit = async (task: Opened, records: RecordViews, nextOffset: bigint): Promise<Committed> => {
    const prepared = task.prepare?.(records)
    if (prepared) await prepared
    const startedMs = monotonicMs()
    const { isMarked, topicId } = task.metadata
    const converted = task.convert(records, {
      topicId: isMarked ? topicId : undefined,
      timedOutOffset: timedOutOffsetOf(task.metadata),
      state: task.state,
    })
    task.metadata = withoutHandled(task.metadata, nextOffset)
    await task.sink.commit(contentOf(task, converted.writes, nextOffset, converted.state))
    task.position = nextOffset
    task.readOffset = nextOffset
    task.state = converted.state
    return { converted, nextOffset, seconds: (monotonicMs() - startedMs) / 1000 }
  }

  const openedIn = async (generation: number): Promise<Opened> => {
    if (opened?.generation !== generation) opened = await open(generation)
    return opened
  }

  /** After any error the sink is thrown away, and the next one starts from the committed offset. */
  const discardOnError = async (generation: number, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      discard()
      if (error instanceof StepTimeoutError) await rememberTimeout(error, generation)
      throw error
    }
  }

  /** Whoever has taken the partition over meanwhile runs into the same step, and is fenced here. */
  const rememberTimeout = async ({ offset }: StepTimeoutError, generation: number): Promise<void> => {
    try {
      const task = await open(generation)
      if (task.position > offset) return
      task.metadata = withTimedOutOffset(task.metadata, offset)
      await task.sink.commit(contentOf(task, [], task.position, task.state))
    } catch (error) {
      logger.warn(`${where}: could not note the record at ${offset}, whose step does not return: ${messageOf(error)}`)
    }
  }

  const handle = async (batch: FetchedBatch, turn: Turn): Promise<void> => {
    const isContinued = opened?.generation === turn.generation
    const task = await openedIn(turn.generation)
    if (task.readOffset !== batch.fetchedOffset) {
      if (isContinued) {
        throw new Error(
          `${where}: expected a batch from offset ${task.readOffset}, got one from ${batch.fetchedOffset}`,
        )
      }
      turn.onElsewhere(task.readOffset)
      return
    }
    for await (const { records, nextOffset } of batch.chunks(task.maxValueBytes)) {
      await handleChunk(task, records, nextOffset, turn)
      if (!turn.isCurrent()) return
    }
  }

  /** The one place that says where a transaction ends: at the end of a chunk, but never inside an update. */
  const handleChunk = async (task: Opened, records: RecordViews, nextOffset: bigint, turn: Turn): Promise<void> => {
    const { hold } = task
    if (!hold) {
      turn.onCommitted(await commit(task, records, nextOffset))
      return
    }
    hold.add(records, nextOffset)
    const ended = hold.ended()
    if (ended) {
      turn.onCommitted(await commit(task, ended.records, ended.nextOffset))
      hold.forgetEnded()
    }
    task.readOffset = nextOffset
    turn.onHeld(nextOffset, hold.unfinished())
  }

  const passOver = async ({ firstOffset, lastOffset }: Stretch, turn: Turn): Promise<void> => {
    const task = await openedIn(turn.generation)
    if (task.readOffset < firstOffset || task.readOffset > lastOffset) return
    if (task.hold && task.hold.unfinished() > 0) {
      task.readOffset = lastOffset + 1n
      turn.onHeld(task.readOffset, task.hold.unfinished())
      return
    }
    turn.onCommitted(await commit(task, noRecords, lastOffset + 1n))
  }

  // A rebalance may deliver the partition anew before KafkaJS has waited for its last batch: one after the other.
  const inTurn = serialize()
  return {
    handle: (batch, turn) => inTurn(() => discardOnError(turn.generation, () => handle(batch, turn))),
    begin: ({ generation }) =>
      inTurn(() =>
        discardOnError(generation, async () => {
          await openedIn(generation)
        }),
      ),
    passOver: (stretch, turn) => inTurn(() => discardOnError(turn.generation, () => passOver(stretch, turn))),
    close: () =>
      inTurn(async () => {
        const sink = opened?.sink
        opened = undefined
        await sink?.close()
      }),
  }
}

const logStart = (logger: Logger, { topic, partition, kind, offset, metadata }: StartPosition): void => {
  const fields = { topic, partition, offset: offset.toString(), topicId: metadata.topicId }
  const where = `${topic} partition ${partition}`
  const marks = 'its outputs carry the header source-topic-id'
  if (kind === 'made again') {
    logger.warn(fields, `${where}: the topic was deleted and made again: reading the new one from its start; ${marks}`)
  } else if (kind !== 'committed' && metadata.isMarked) {
    logger.warn(
      fields,
      `${where}: there are outputs but no committed offset, so the topic may have been made again: reading it from offset ${offset}; ${marks}`,
    )
  }
  if (kind === 'new at the end') {
    logger.info(
      fields,
      `${where}: the group has committed no offset: it begins at the end, offset ${offset} (ETL_START)`,
    )
  }
  logger.info(fields, `took over ${where}`)
}
