import { headerNames } from '@kafka-etl/kafka'
import { formatCsvRow, type CsvOptions } from './csv-row.js'
import { appendFastRow } from './fast-row.js'
import { checksum, type PartitionPosition } from '../file/file-positions.js'
import { createSourceReader } from './record-source.js'
import { appendText, type RowBuffer } from './row-buffer.js'

/** A record as KafkaJS gives it. */
export type InputRecord = {
  readonly offset: string
  readonly value: Buffer | null
  /** Kafka's own record timestamp, ms since 1970. */
  readonly timestamp: string
  readonly headers?: Readonly<Record<string, unknown>>
}

/** A fetched batch: the visible records, and the last offset that the fetch covered, control records included. */
export type InputBatch = { readonly records: readonly InputRecord[]; readonly lastOffset: string }

export type Unreadable = { readonly offset: string; readonly reason: string }

/** What a batch brought: its rows are in the buffer, and the position is behind it. */
export type TakenBatch = {
  readonly position: PartitionPosition
  readonly written: number
  /** Records that were in the file already, known by their source. */
  readonly repeats: number
  /** The offset of the last of them. */
  readonly lastRepeat: string | undefined
  readonly unreadable: readonly Unreadable[]
  /** Kafka's timestamp of the last record, ms since 1970. */
  readonly lastRecordAtMs: number | undefined
}

/**
 * Turns batches into rows. Drops what lies before `position.next` (a position is read again from its last record, to
 * see whether the log is still the same one) and what is in the file already by its source coordinates: a consumer
 * may leak records of aborted transactions and bring them again. This is right since order is kept within an input
 * partition. Records without a `source` header, which are not the ETL's, are known by their own offset alone.
 */
export const createBatchRows = (options: CsvOptions) => {
  const readSource = createSourceReader()
  return (batch: InputBatch, position: PartitionPosition, rows: RowBuffer): TakenBatch => {
    const sources = new Map(position.sources)
    const unreadable: Unreadable[] = []
    let written = 0
    let repeats = 0
    let lastRepeat: string | undefined
    for (const { offset, value, headers } of batch.records) {
      if (Number(offset) < position.next) continue
      const source = readSource(headers?.[headerNames.source])
      if (source !== undefined) {
        if (source.offset <= (sources.get(source.inputPartition) ?? -1)) {
          repeats++
          lastRepeat = offset
          continue
        }
        sources.set(source.inputPartition, source.offset)
      }
      const reason = appendRow(rows, value, options)
      if (reason === undefined) written++
      else unreadable.push({ offset, reason })
    }
    const next = Math.max(position.next, Number(batch.lastOffset) + 1)
    const record = batch.records.at(-1)
    const last = record ? { offset: Number(record.offset), crc32: checksum(record.value) } : position.last
    return {
      position: { next, ...(last ? { last } : {}), sources },
      written,
      repeats,
      lastRepeat,
      unreadable,
      lastRecordAtMs: record && Number(record.timestamp),
    }
  }
}

const appendRow = (rows: RowBuffer, value: Buffer | null, options: CsvOptions): string | undefined => {
  if (value !== null && appendFastRow(rows, value, options)) return undefined
  const row = formatCsvRow(value, options)
  if (!row.ok) return row.reason
  appendText(rows, row.text)
  return undefined
}
