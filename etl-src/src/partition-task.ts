import type { Logger } from '@kafka-etl/common'
import type { ConvertedBatch } from './convert-batch.js'
import type { InputRecords, Route } from './input-record.js'
import type { TransactionalWriter } from './transactional-writer.js'

/** A fetched run of records of one input partition. */
export type FetchedBatch = {
  readonly records: InputRecords
  /** The offset that was asked for: where the partition's position stood. */
  readonly fetchedOffset: bigint
  /** The last offset that the fetch covered, control records and aborted ones included. */
  readonly lastOffset: bigint
}

/** What became of a batch: committed, or not looked at because the position is elsewhere. */
export type BatchResult =
  | { readonly kind: 'committed'; readonly converted: ConvertedBatch; readonly seconds: number }
  | { readonly kind: 'seek'; readonly offset: bigint }

export type PartitionTask = {
  /** Handles a batch that was fetched as a member of `generation`; rejects when nothing of it may be resolved. */
  readonly handle: (batch: FetchedBatch, generation: number) => Promise<BatchResult>
  /** Takes note of offsets that the consumer passed over since they hold nothing to read: control or aborted records. */
  readonly passOver: (firstOffset: bigint, lastOffset: bigint) => void
  readonly close: () => Promise<void>
}

export type PartitionTaskOptions = {
  readonly route: Route
  readonly logger: Logger
  readonly monotonicMs: () => number
  readonly convert: (records: InputRecords) => ConvertedBatch
  readonly openWriter: () => Promise<TransactionalWriter>
  /** The group's committed offset of this partition, or where its log starts when there is none. */
  readonly readPosition: () => Promise<bigint>
}

type Opened = { readonly writer: TransactionalWriter; readonly generation: number; position: bigint }

/**
 * One input partition from fetched records to committed outputs. Its position is never a guess: it is read from the
 * group after the writer's init has fenced everybody else, and every batch has to continue exactly there.
 */
export const createPartitionTask = (options: PartitionTaskOptions): PartitionTask => {
  const { route, logger, monotonicMs, convert, openWriter, readPosition } = options
  const where = `${route.topic} partition ${route.partition}`
  let opened: Opened | undefined
  let settled: Promise<void> = Promise.resolve()

  const discard = (): void => {
    opened?.writer.discard()
    opened = undefined
  }

  const open = async (generation: number): Promise<Opened> => {
    discard()
    const writer = await openWriter()
    try {
      const position = await readPosition()
      logger.info({ topic: route.topic, partition: route.partition, offset: position.toString() }, `took over ${where}`)
      return { writer, generation, position }
    } catch (error) {
      writer.discard()
      throw error
    }
  }

  const commit = async (task: Opened, batch: FetchedBatch): Promise<BatchResult> => {
    const startedMs = monotonicMs()
    const converted = convert(batch.records)
    const nextOffset = batch.lastOffset + 1n
    await task.writer.commit({ outputs: converted.outputs, deadLetters: converted.deadLetters, nextOffset })
    task.position = nextOffset
    return { kind: 'committed', converted, seconds: (monotonicMs() - startedMs) / 1000 }
  }

  const handle = async (batch: FetchedBatch, generation: number): Promise<BatchResult> => {
    if (opened?.generation === generation && opened.position !== batch.fetchedOffset) {
      const { position } = opened
      discard()
      throw new Error(`${where}: expected a batch from offset ${position}, got one from ${batch.fetchedOffset}`)
    }
    const task = opened?.generation === generation ? opened : await open(generation)
    opened = task
    if (task.position !== batch.fetchedOffset) return { kind: 'seek', offset: task.position }
    try {
      return await commit(task, batch)
    } catch (error) {
      discard()
      throw error
    }
  }

  return {
    handle: (batch, generation) => {
      // A rebalance may deliver the partition anew before KafkaJS has waited for its last batch: one after the other.
      const result = settled.then(() => handle(batch, generation))
      settled = result.then(
        () => undefined,
        () => undefined,
      )
      return result
    },
    passOver: (firstOffset, lastOffset) => {
      if (opened && firstOffset <= opened.position && lastOffset >= opened.position) opened.position = lastOffset + 1n
    },
    close: async () => {
      const writer = opened?.writer
      opened = undefined
      await writer?.close()
    },
  }
}
