import type { RecordRun, RecordView } from '@kafka-etl/kafka'
import { jest } from '@jest/globals'
import type { Headers } from './encode-headers.js'

export type DecodedRecord = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
  readonly timestampMs: number
}

const Decoder = jest.requireActual<new (buffer: Buffer) => object>('kafkajs/src/protocol/decoder')
const decodeRecord = jest.requireActual<(decoder: object, context: object) => DecodedRecord>(
  'kafkajs/src/protocol/recordBatch/record/v0/decoder',
)

/** The records of runs as KafkaJS reads them. */
export const decodeRuns = (runs: readonly RecordRun[]): readonly DecodedRecord[] =>
  runs.flatMap(({ buffer, length, firstTimestamp }) => {
    const decoder = new Decoder(buffer)
    return Array.from({ length }, () => {
      const { key, value, headers, timestampMs } = decodeRecord(decoder, {
        firstOffsetNumber: 0,
        firstTimestampMs: firstTimestamp,
      })
      return { key, value, headers, timestampMs }
    })
  })

export type RecordParts = {
  readonly key?: Buffer | null
  readonly value: Buffer | string | null
  readonly headers?: Headers
  readonly timestampMs?: number
}

const encodeRecord = jest.requireActual<(record: object) => { readonly buffer: Buffer }>(
  'kafkajs/src/protocol/recordBatch/record/v0',
)

/** Input records as they come out of a fetch, all in the same bytes, from offset 100 on. */
export const createInputRecords = (parts: readonly RecordParts[]): readonly RecordView[] => {
  const encoded = parts.map(
    ({ key = null, value, headers = {}, timestampMs = 1_700_000_000_000 }, offsetDelta) =>
      encodeRecord({ offsetDelta, timestampDelta: timestampMs, key, value, headers }).buffer,
  )
  const decoder = new Decoder(Buffer.concat(encoded))
  const context = { firstOffsetNumber: 100, firstTimestampMs: 0 }
  return parts.map(() => decodeRecord(decoder, context) as DecodedRecord & RecordView)
}
