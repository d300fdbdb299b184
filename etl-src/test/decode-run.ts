import type { RecordRun } from '@kafka-etl/common'
import { jest } from '@jest/globals'
import type { Headers } from '../src/headers.js'
import type { InputRecord } from '../src/input-record.js'

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

/** Input records as they come out of a fetch, the values among other bytes, from offset 100 on. */
export const createInputRecords = (parts: readonly RecordParts[]): readonly InputRecord[] =>
  parts.map(({ key = null, value, headers = {}, timestampMs = 1_700_000_000_000 }, index) => {
    const bytes = value === null ? null : Buffer.from(value)
    const buffer = Buffer.concat([Buffer.from('before'), bytes ?? Buffer.alloc(0), Buffer.from('after')])
    return {
      key,
      value: bytes,
      headers,
      offset: String(100 + index),
      buffer,
      valueStart: 'before'.length,
      valueLength: bytes?.length ?? -1,
      timestampMs,
    }
  })
