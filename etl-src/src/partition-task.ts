import { messageOf, serialize } from '@kafka-etl/common'
import type { FetchedBatch, RecordViews } from '@kafka-etl/kafka'
import {
  commitRecords,
  commitTimeout,
  openPartition,
  type Committed,
  type OpenedPartition,
  type PartitionOptions,
} from './opened-partition.js'
import { preparedParts } from './prepared-parts.js'
import { bytesOf, splitRecords, type RecordsPart } from './split-records.js'
import { StepTimeoutError } from './step-watchdog.js'
import { createTransactionSize } from './transaction-size.js'

/** What a task needs of the consumer while it handles a batch. */
export type Turn = {
  /** How many times this instance had joined its group when the batch was fetched. */
  readonly generation: number
  /** False once the group has rebalanced or the service stops: the rest of the batch is fetched again. */
  readonly isCurrent: () => boolean
  readonly onCommitted: (committed: Committed) => void
  /** Records up to `nextOffset` wait for their update to end: the consumer reads on, and nothing is committed yet. */
  readonly onHeld: (nextOffset: bigint, records: number) => void
  /** The position is not where the batch begins: the next fetch must start there. */
  readonly onElsewhere: (position: bigint) => void
}

/** Offsets of control records, aborted records, or records that compaction has removed; both ends included. */
export type Stretch = { readonly firstOffset: bigint; readonly lastOffset: bigint }

export type PartitionTask = {
  /** Handles a fetched batch, each chunk in one or more transactions; rejects if the rest has to be fetched again. */
  readonly handle: (batch: FetchedBatch, turn: Turn) => Promise<void>
  /** Commits the position after offsets without records, to keep them from counting as lag. */
  readonly passOver: (stretch: Stretch, turn: Turn) => Promise<void>
  /** Commits the position before there is anything to handle. */
  readonly begin: (turn: Turn) => Promise<void>
  /** Closes the sink once the current batch is done. The task may be used again. */
  readonly close: () => Promise<void>
}

const noRecords: RecordViews = { forEach: () => undefined }

/**
 * Takes one input partition from fetched records to committed outputs. It never guesses its position: it reads it from
 * the group after the sink's init has fenced every other writer, and every batch has to begin exactly there.
 */
export const createPartitionTask = (options: PartitionOptions): PartitionTask => {
  const { topic, partition, logger } = options
  const where = `${topic} partition ${partition}`
  const size = createTransactionSize()
  let opened: OpenedPartition | undefined

  const discard = (): void => {
    opened?.sink.discard()
    opened = undefined
  }

  const reopen = (generation: number): Promise<OpenedPartition> => {
    discard()
    return openPartition(options, generation)
  }

  const openedIn = async (generation: number): Promise<OpenedPartition> => {
    if (opened?.generation !== generation) opened = await reopen(generation)
    return opened
  }

  /** After any error the sink is discarded, and the next one starts from the committed offset. */
  const discardOnError = async (generation: number, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      discard()
      if (error instanceof StepTimeoutError) await rememberTimeout(error, generation)
      throw error
    }
  }

  /**
   * Commits the timeout. An instance that has taken over the partition meanwhile meets the same step; this fences it.
   */
  const rememberTimeout = async ({ offset }: StepTimeoutError, generation: number): Promise<void> => {
    try {
      const task = await reopen(generation)
      if (task.position <= offset) await commitTimeout(options, task, offset)
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

  const commitPart = async (task: OpenedPartition, { records, nextOffset }: RecordsPart): Promise<Committed> => {
    try {
      const committed = await commitRecords(options, task, records, nextOffset)
      size.committed(committed.seconds, () => bytesOf(records))
      return committed
    } catch (error) {
      size.gaveUp(bytesOf(records))
      throw error
    }
  }

  /**
   * The one place that decides where a transaction ends: at the end of a chunk, or earlier if the broker is slow, but
   * never inside an update.
   */
  const handleChunk = async (
    task: OpenedPartition,
    records: RecordViews,
    nextOffset: bigint,
    turn: Turn,
  ): Promise<void> => {
    const { hold } = task
    if (!hold) {
      for (const part of splitRecords(records, nextOffset, size.maxBytes)) {
        for await (const prepared of preparedParts(task.prepare, part)) {
          turn.onCommitted(await commitPart(task, prepared))
          if (!turn.isCurrent()) return
        }
      }
      return
    }
    hold.add(records, nextOffset)
    const ended = hold.ended()
    if (ended) {
      await task.prepare?.(ended.records)
      turn.onCommitted(await commitRecords(options, task, ended.records, ended.nextOffset))
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
    turn.onCommitted(await commitRecords(options, task, noRecords, lastOffset + 1n))
  }

  // A rebalance may deliver the partition again before KafkaJS has waited for its last batch: run calls in turn.
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
