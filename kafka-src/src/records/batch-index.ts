import { withoutAborted, type AbortedTransaction } from './aborted-transactions.js'
import { toCorruptRecords } from './corrupt-batch.js'
import { readRecordBatches, type RecordBatch } from './record-batch.js'
import { moveToNext, openStretch, plainStretch } from './record-stretch.js'
import { RecordView } from './record-view.js'

/** The raw result of fetching one partition. */
export type FetchedBytes = {
  readonly topic: string
  readonly partition: number
  readonly fetchedOffset: bigint
  readonly bytes: Buffer
  readonly abortedTransactions: readonly AbortedTransaction[]
}

/**
 * The record batches of a fetch from the requested offset on. A broker returns the batch that contains this offset
 * whole.
 */
export type BatchIndex = {
  readonly all: readonly RecordBatch[]
  /** All except control batches, aborted transactions, and batches emptied by compaction. */
  readonly visible: readonly RecordBatch[]
}

export const indexBatches = ({
  topic,
  partition,
  fetchedOffset,
  bytes,
  abortedTransactions,
}: FetchedBytes): BatchIndex => {
  try {
    const from = Number(fetchedOffset)
    const all = readRecordBatches(bytes).filter(({ lastOffset }) => lastOffset >= from)
    return { all, visible: withoutAborted(all, abortedTransactions).filter((batch) => mayHoldRecords(batch, from)) }
  } catch (error) {
    throw toCorruptRecords(error, { topic, partition, offset: fetchedOffset, isSound: false })
  }
}

/**
 * False if compaction has removed all records of the batch, or all from the requested offset on. A compressed batch
 * counts as true, since its contents are unknown.
 */
const mayHoldRecords = (batch: RecordBatch, from: number): boolean =>
  batch.count > 0 &&
  (batch.firstOffset >= from ||
    batch.compression !== 'none' ||
    moveToNext(openStretch(plainStretch(batch), new RecordView(), from)))
