import type { EncodedRecordBatch } from 'kafkajs'
import { crc32c } from './crc32c.js'
import { batchOverheadBytes } from './record-batch.js'

/** The writer of a batch: the state that KafkaJS's producer passes in. */
export type BatchWriter = Parameters<EncodedRecordBatch['encode']>[0]

const transactionalFlag = 0x10
const checksumFrom = 21

/** Encoded records: their number, their bytes, and their first and largest timestamp in epoch ms. */
type BatchRecords = {
  readonly length: number
  readonly buffer: Buffer
  readonly firstTimestamp: number
  readonly maxTimestamp: number
}

/** Encodes the header of an uncompressed record batch of format v2 (KIP-98). The records follow directly after it. */
export const encodeBatchHeader = (
  { length, buffer, firstTimestamp, maxTimestamp }: BatchRecords,
  { producerId, producerEpoch, firstSequence, transactional }: BatchWriter,
): Buffer => {
  const header = Buffer.alloc(batchOverheadBytes)
  // The base offset and the partition leader epoch stay 0; the broker sets them.
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
