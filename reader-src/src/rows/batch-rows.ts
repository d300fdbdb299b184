import { headerNames, type RecordView } from '@kafka-etl/kafka'
import { checksum, type LastRecord, type PartitionPosition } from '../file/file-positions.js'
import type { RowBuffer } from './row-buffer.js'
import { createSourceChains, type RecordOrigin, type TransactionalWriter } from './source-chains.js'
import { createSourceReader } from './source-header.js'

/** A record of the output topic. The same object may be reused for the next record. */
export type OutputRecord = Pick<
  RecordView,
  | 'buffer'
  | 'valueStart'
  | 'valueLength'
  | 'headersStart'
  | 'headersEnd'
  | 'offsetNumber'
  | 'timestampMs'
  | 'key'
  | 'value'
  | 'headers'
> & {
  /** The producer, for a record that was written in a transaction. */
  readonly writer?: TransactionalWriter | undefined
}

/** A stretch of a partition: the visible records, and the offset after everything that the fetch covered. */
export type RecordStretch = {
  readonly records: { readonly forEach: (visit: (record: OutputRecord) => void) => void }
  readonly nextOffset: number
}

export type Unreadable = { readonly offset: number; readonly reason: string }

/** The result of a stretch: its rows are in the buffer, and the position is after it. */
export type TakenBatch = {
  readonly position: PartitionPosition
  readonly written: number
  /** How many records were in the file already. */
  readonly repeats: number
  /** The offset of the last of them. */
  readonly lastRepeat: number | undefined
  readonly unreadable: readonly Unreadable[]
  /** Kafka's timestamp of the last record, ms since 1970. */
  readonly lastRecordAtMs: number | undefined
}

/** Appends the row of a record. If the record has no row, appends nothing and returns the reason. */
export type AppendRow = (rows: RowBuffer, record: OutputRecord) => string | undefined

/**
 * Turns stretches of records into rows. Skips records before `position.next` (reading restarts at the last record of a
 * position, to check that the log is still the same), and records that are in the file already: a consumer may leak
 * records of aborted transactions and deliver them again.
 */
export const createBatchRows = (appendRow: AppendRow) => {
  const readOrigin = createOriginReader()
  return ({ records, nextOffset }: RecordStretch, position: PartitionPosition, rows: RowBuffer): TakenBatch => {
    const chains = createSourceChains(position.sources)
    const unreadable: Unreadable[] = []
    const lastRecord = createLastRecord()
    let written = 0
    let repeats = 0
    let lastRepeat: number | undefined
    records.forEach((record) => {
      lastRecord.see(record)
      if (record.offsetNumber < position.next) return
      const { writer } = record
      const origin = writer && readOrigin(record)
      if (writer && origin && chains.isRepeat(origin, writer)) {
        repeats++
        lastRepeat = record.offsetNumber
        return
      }
      const reason = appendRow(rows, record)
      if (reason === undefined) written++
      else unreadable.push({ offset: record.offsetNumber, reason })
    })
    const last = lastRecord.get() ?? position.last
    const next = Math.max(position.next, nextOffset)
    return {
      position: { next, ...(last ? { last } : {}), sources: chains.list() },
      written,
      repeats,
      lastRepeat,
      unreadable,
      lastRecordAtMs: lastRecord.timestampMs(),
    }
  }
}

/** Remembers the last visited record, without copying it and without creating an object. */
const createLastRecord = () => {
  let buffer: Buffer | undefined
  let start = 0
  let length = 0
  let offset = 0
  let timestampMs = 0
  return {
    see: (record: OutputRecord): void => {
      buffer = record.buffer
      start = record.valueStart
      length = record.valueLength
      offset = record.offsetNumber
      timestampMs = record.timestampMs
    },
    get: (): LastRecord | undefined =>
      buffer && { offset, crc32: checksum(buffer.subarray(start, start + Math.max(0, length))) },
    timestampMs: (): number | undefined => buffer && timestampMs,
  }
}

/** Reads the origin of a record; undefined if the record has none in the ETL's format. */
const createOriginReader = (): ((record: OutputRecord) => RecordOrigin | undefined) => {
  const sources = createSourceReader()
  const origin = { inputPartition: '', offset: 0, index: 0, topicId: undefined as string | undefined }
  return (record) => {
    const only = sources.readOnly(record)
    const source = only ?? sources.readValue(record.headers[headerNames.source])
    if (source === undefined) return undefined
    origin.inputPartition = source.inputPartition
    origin.offset = source.offset
    origin.index = source.index
    origin.topicId = only ? undefined : textOf(record.headers[topicIdHeader])
    return origin
  }
}

/** The header of outputs from a recreated input topic, with that topic's id. */
const topicIdHeader = 'source-topic-id'

const textOf = (value: unknown): string | undefined => (Buffer.isBuffer(value) ? value.toString('latin1') : undefined)
