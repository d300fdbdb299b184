import { withoutAborted, type AbortedTransaction } from './aborted-transactions.js'
import { toCorruptRecords } from './corrupt-batch.js'
import { readRecordBatches, type RecordBatch } from './record-batch.js'
import { moveToNext, openStretch, plainStretch } from './record-stretch.js'
import { RecordView } from './record-view.js'

/** What a fetch brought of one partition, as it came. */
export type FetchedBytes = {
  readonly topic: string
  readonly partition: number
  readonly fetchedOffset: bigint
  readonly bytes: Buffer
  readonly abortedTransactions: readonly AbortedTransaction[]
}

/** The record batches of a fetch, from the offset on that was asked for: a batch comes whole though that is within it. */
export type BatchIndex = {
  readonly all: readonly RecordBatch[]
  /** Without control batches, aborted transactions, and batches that compaction has emptied. */
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

/** Compaction may have taken all of a batch's records, or those from the offset on; of a compressed one nobody knows. */
const mayHoldRecords = (batch: RecordBatch, from: number): boolean =>
  batch.count > 0 &&
  (batch.firstOffset >= from ||
    batch.compression !== 'none' ||
    moveToNext(openStretch(plainStretch(batch), new RecordView(), from)))
