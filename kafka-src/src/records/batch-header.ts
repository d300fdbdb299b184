import type { EncodedRecordBatch } from 'kafkajs'
import { crc32c } from './crc32c.js'
import { batchOverheadBytes } from './record-batch.js'

/** Who writes the batch: what KafkaJS's producer counts and is given. */
export type BatchWriter = Parameters<EncodedRecordBatch['encode']>[0]

const transactionalFlag = 0x10
const checksumFrom = 21

/** Encoded records: how many, their bytes, and the first and the largest of their timestamps in epoch ms. */
type BatchRecords = {
  readonly length: number
  readonly buffer: Buffer
  readonly firstTimestamp: number
  readonly maxTimestamp: number
}

/** The header of a record batch of format v2 (KIP-98), which the records come right behind; not compressed. */
export const encodeBatchHeader = (
  { length, buffer, firstTimestamp, maxTimestamp }: BatchRecords,
  { producerId, producerEpoch, firstSequence, transactional }: BatchWriter,
): Buffer => {
  const header = Buffer.alloc(batchOverheadBytes)
  // The offset, which the broker gives, is 0, and so is the epoch of the partition's leader.
  header.writeInt32BE(batchOverheadBytes - 12 + buffer.length, 8)
  header.writeInt8(2, 16)
  header.writeInt16BE(transactional ? transactionalFlag : 0, checksumFrom)
  header.writeInt32BE(length - 1, 23)
  header.writeBigInt64BE(BigInt(firstTimestamp), 27)
  header.writeBigInt64BE(BigInt(maxTimestamp), 35)
  header.writeBigInt64BE(BigInt(producerId.toString()), 43)
  header.writeInt16BE(producerEpoch, 51)
  header.writeInt32BE(firstSequence, 53)
  header.writeInt32BE(length, 57)
  header.writeUInt32BE(crc32c(buffer, crc32c(header.subarray(checksumFrom))), 17)
  return header
}
