import { serialize, type Logger } from '@kafka-etl/common'
import type { FetchedBatch, RecordViews, TransactionContent, TransactionalSink } from '@kafka-etl/kafka'
import type { ConvertedBatch } from './convert-batch.js'
import type { Route } from './route.js'

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
  /** Closes the sink when the batch under way is done. The task may be used again. */
  readonly close: () => Promise<void>
}

export type PartitionTaskOptions = {
  readonly route: Route
  readonly groupId: string
  readonly logger: Logger
  readonly monotonicMs: () => number
  readonly convert: (records: RecordViews) => ConvertedBatch
  readonly openSink: () => Promise<TransactionalSink>
  /** The group's committed offset of this partition, or where its log starts if there is none. */
  readonly readPosition: () => Promise<bigint>
}

const noRecords: RecordViews = { forEach: () => undefined }

type Opened = { readonly sink: TransactionalSink; readonly generation: number; position: bigint }

/**
 * One input partition from fetched records to committed outputs. Its position is never a guess: it is read from the
 * group after the sink's init has fenced every other writer, and every batch has to continue exactly there.
 */
export const createPartitionTask = (options: PartitionTaskOptions): PartitionTask => {
  const { route, groupId, logger, monotonicMs, convert, openSink, readPosition } = options
  const { topic, partition } = route
  const where = `${topic} partition ${partition}`
  let opened: Opened | undefined

  const discard = (): void => {
    opened?.sink.discard()
    opened = undefined
  }

  const open = async (generation: number): Promise<Opened> => {
    discard()
    const sink = await openSink()
    try {
      const position = await readPosition()
      logger.info({ topic, partition, offset: position.toString() }, `took over ${where}`)
      return { sink, generation, position }
    } catch (error) {
      sink.discard()
      throw error
    }
  }

  const positionOf = (nextOffset: bigint): TransactionContent['position'] => ({ groupId, topic, partition, nextOffset })

  const commit = async (task: Opened, records: RecordViews, nextOffset: bigint): Promise<Committed> => {
    const startedMs = monotonicMs()
    const converted = convert(records)
    await task.sink.commit({ writes: converted.writes, position: positionOf(nextOffset) })
    task.position = nextOffset
    return { converted, nextOffset, seconds: (monotonicMs() - startedMs) / 1000 }
  }

  const openedIn = async (generation: number): Promise<Opened> => {
    if (opened?.generation !== generation) opened = await open(generation)
    return opened
  }

  /** After any error the sink is thrown away, and the next one starts from the committed offset. */
  const discardOnError = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      discard()
      throw error
    }
  }

  const handle = async (batch: FetchedBatch, turn: Turn): Promise<void> => {
    const isContinued = opened?.generation === turn.generation
    const task = await openedIn(turn.generation)
    if (task.position !== batch.fetchedOffset) {
      if (isContinued) {
        throw new Error(`${where}: expected a batch from offset ${task.position}, got one from ${batch.fetchedOffset}`)
      }
      turn.onElsewhere(task.position)
      return
    }
    for await (const { records, nextOffset } of batch.chunks()) {
      turn.onCommitted(await commit(task, records, nextOffset))
      if (!turn.isCurrent()) return
    }
  }

  const passOver = async ({ firstOffset, lastOffset }: Stretch, turn: Turn): Promise<void> => {
    const task = await openedIn(turn.generation)
    if (task.position < firstOffset || task.position > lastOffset) return
    turn.onCommitted(await commit(task, noRecords, lastOffset + 1n))
  }

  // A rebalance may deliver the partition anew before KafkaJS has waited for its last batch: one after the other.
  const inTurn = serialize()
  return {
    handle: (batch, turn) => inTurn(() => discardOnError(() => handle(batch, turn))),
    passOver: (stretch, turn) => inTurn(() => discardOnError(() => passOver(stretch, turn))),
    close: () =>
      inTurn(async () => {
        const sink = opened?.sink
        opened = undefined
        await sink?.close()
      }),
  }
}
