import { createRunBuilder, encodableWith, toMessage, type EncodedRecords, type RecordView } from '@kafka-etl/kafka'
import { readAllRecords } from '../../kafka-src/test/records/read-all-records.js'
import { encodeHeaders, type Headers } from './encode-headers.js'

export type DecodedRecord = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
  readonly timestampMs: number
}

const firstOffset = 100

/** Views of a run's records as in a fetch: one view each, all in the same buffer. */
const viewsOf = (run: EncodedRecords): readonly RecordView[] => {
  const writer = { producerId: -1, producerEpoch: 0, firstSequence: 0, transactional: false }
  const messages = Buffer.concat(toMessage(run, 0).encodedRecords?.encode(writer) ?? [])
  messages.writeBigInt64BE(BigInt(firstOffset), 0)
  const records = readAllRecords(messages, firstOffset)
  return Array.from({ length: run.length }, (_, index) => {
    const views = records[Symbol.iterator]()
    let next = views.next()
    for (let passed = 0; passed < index; passed++) next = views.next()
    if (next.done === true) throw new Error(`expected ${run.length} records, got ${index}`)
    return next.value
  })
}

/** The records of runs, decoded again. */
export const decodeRuns = (runs: readonly EncodedRecords[]): readonly DecodedRecord[] =>
  runs
    .flatMap(viewsOf)
    .map(({ key, value, headers, timestampMs }) => ({ key, value, headers: headers as Headers, timestampMs }))

export type RecordParts = {
  readonly key?: Buffer | null
  readonly value: Buffer | string | null
  readonly headers?: Headers
  readonly timestampMs?: number
}

/** Input records as in a fetch, all in the same buffer, from offset 100 on. */
export const createInputRecords = (parts: readonly RecordParts[]): readonly RecordView[] => {
  const builder = createRunBuilder(1 << 30, 1 << 30)
  for (const { key = null, value: text, headers = {}, timestampMs = 1_700_000_000_000 } of parts) {
    const value = text === null ? null : Buffer.from(text)
    const encoded = encodeHeaders(headers)
    builder.add(encodableWith({ key, value }, encoded, encoded.length, timestampMs))
  }
  return builder.finish().flatMap(viewsOf)
}
