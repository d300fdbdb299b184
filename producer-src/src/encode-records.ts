import type { Clock } from '@kafka-etl/common'
import { createRunBuilder, encodeHeaders, type EncodableRecord, type PartitionWrite } from '@kafka-etl/kafka'
import { partitionOfKey } from '@kafka-etl/pipeline'
import type { Stream, StreamRecord } from './stream/stream.js'

/** Kafka's default limit is 1,048,588 bytes per batch. */
const maxBatchBytes = 1_000_000
const maxRecords = 20_000

/** Encodes the records with these numbers in Kafka's format. Each record is created only now, right before sending. */
export type EncodeRecords = (indexes: readonly number[]) => readonly PartitionWrite[]

export type EncodeTarget = { readonly topic: string; readonly partitions: number }

/**
 * Creates the function that encodes the records of one topic. Keys determine the partitions; records without a key take
 * turns.
 */
export const createEncodeRecords = (
  { recordAt }: Pick<Stream, 'recordAt'>,
  { topic, partitions }: EncodeTarget,
  now: Clock['now'],
): EncodeRecords => {
  const toEncodable = createToEncodable()
  return (indexes) => {
    const builders = Array.from({ length: partitions }, () => createRunBuilder(maxBatchBytes, maxRecords))
    for (const index of indexes) {
      const record = recordAt(index, now())
      const partition = record.key === null ? index % partitions : partitionOfKey(record.key, partitions)
      if (builders[partition]?.add(toEncodable(record)) !== true) {
        throw new Error(`expected record ${index} to fit into a batch of ${maxBatchBytes} bytes, it does not`)
      }
    }
    return builders.flatMap((builder, partition) => builder.finish().map((records) => ({ topic, partition, records })))
  }
}

const scratchBytes = 65_536
const mostBytesOfUnit = 3

/** No headers: a header count of 0, as a varint. */
const noHeaders = Buffer.of(0)

/** Reuses the memory of the previous short text: each text is copied before the next one comes. */
const createToEncodable = (): ((record: StreamRecord) => EncodableRecord) => {
  const scratch = Buffer.alloc(scratchBytes)
  return ({ key, value, headers, timestampMs }) => {
    const isShortText = typeof value === 'string' && value.length * mostBytesOfUnit <= scratchBytes
    const bytes = isShortText ? scratch : typeof value === 'string' ? Buffer.from(value) : value
    const headerBytes = encodeStreamHeaders(headers)
    return {
      key,
      keyStart: 0,
      keyEnd: key?.length ?? 0,
      value: bytes,
      valueStart: 0,
      valueEnd: isShortText ? scratch.write(value, 0, 'utf8') : (bytes?.length ?? 0),
      headers: headerBytes,
      headersEnd: headerBytes.length,
      timestampMs,
    }
  }
}

const encodeStreamHeaders = (headers: StreamRecord['headers']): Buffer =>
  headers.length === 0 ? noHeaders : encodeHeaders(headers.map(([key, value]) => ({ key, value })))
