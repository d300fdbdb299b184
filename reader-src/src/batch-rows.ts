import { crc32 } from 'node:zlib'
import { headerNames } from '@kafka-etl/kafka'
import { formatCsvRow, type CsvOptions } from './csv-row.js'
import { appendFastRow } from './fast-row.js'
import type { LastRecord, PartitionPosition } from './positions.js'
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

/** What a batch brought: its rows are in the buffer, and the position stands behind it. */
export type TakenBatch = {
  readonly position: PartitionPosition
  readonly written: number
  /** Records that were in the file already, known by their source. */
  readonly duplicates: number
  /** The offset of the last of them. */
  readonly lastDuplicate: string | undefined
  readonly unreadable: readonly Unreadable[]
}

/**
 * Turns batches into rows. Drops what lies before `position.next` (a position is read again from its last record, to
 * see whether the log is still the same one) and what its source coordinates say is in the file already: a consumer
 * may leak records of aborted transactions and bring them again. Order per input partition is what makes that right.
 * Records without a `source` header, which are not the ETL's, are kept by their own offset alone.
 */
export const createBatchRows = (options: CsvOptions) => {
  const readSource = createSourceReader()
  return (batch: InputBatch, position: PartitionPosition, rows: RowBuffer): TakenBatch => {
    const sources = new Map(position.sources)
    const unreadable: Unreadable[] = []
    let written = 0
    let duplicates = 0
    let lastDuplicate: string | undefined
    for (const { offset, value, headers } of batch.records) {
      if (Number(offset) < position.next) continue
      const source = readSource(headers?.[headerNames.source])
      if (source !== undefined) {
        if (source.offset <= (sources.get(source.inputPartition) ?? -1)) {
          duplicates++
          lastDuplicate = offset
          continue
        }
        sources.set(source.inputPartition, source.offset)
      }
      const reason = appendRow(rows, value, options)
      if (reason === undefined) written++
      else unreadable.push({ offset, reason })
    }
    const next = Math.max(position.next, Number(batch.lastOffset) + 1)
    const last = lastOf(batch.records) ?? position.last
    const moved = { next, ...(last ? { last } : {}), sources }
    return { position: moved, written, duplicates, lastDuplicate, unreadable }
  }
}

const appendRow = (rows: RowBuffer, value: Buffer | null, options: CsvOptions): string | undefined => {
  if (value !== null && appendFastRow(rows, value, options)) return undefined
  const row = formatCsvRow(value, options)
  if (!row.ok) return row.reason
  appendText(rows, row.text)
  return undefined
}

const lastOf = (records: readonly InputRecord[]): LastRecord | undefined => {
  const record = records.at(-1)
  return record && { offset: Number(record.offset), crc32: checksum(record.value) }
}

/** CRC-32 of a record's value; a record without one counts as empty. */
export const checksum = (value: Buffer | null): number => crc32(value ?? '')
