import { CorruptBytesError, CorruptRecordsError } from './corrupt-records.js'
import { holdsChecksum, type RecordBatch } from './record-batch.js'

/** The partition that the bytes belong to. */
export type FetchedFrom = { readonly topic: string; readonly partition: number }

/** Calls `read`. If it throws because of the batch's bytes, the error gets their topic, partition and offset. */
export const guardBatch = <Result>(fetched: FetchedFrom, batch: RecordBatch, read: () => Result): Result => {
  try {
    return read()
  } catch (error) {
    throw corruptRecordsOf(fetched, batch, error)
  }
}

export const corruptRecordsOf = ({ topic, partition }: FetchedFrom, batch: RecordBatch, error: unknown): unknown =>
  toCorruptRecords(error, { topic, partition, offset: BigInt(batch.firstOffset), isSound: holdsChecksum(batch) })

type Place = { readonly topic: string; readonly partition: number; readonly offset: bigint; readonly isSound: boolean }

export const toCorruptRecords = (error: unknown, { topic, partition, offset, isSound }: Place): unknown => {
  return error instanceof CorruptBytesError ? new CorruptRecordsError(topic, partition, offset, error, isSound) : error
}
