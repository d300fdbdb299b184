import { headerNames, type EncodableRecord, type RunBuilder } from '@kafka-etl/common'
import { encodeHeaders, type Headers } from './headers.js'
import type { InputRecord } from './input-record.js'
import type { RejectReason } from './pipelines/reject-reason.js'

export type Rejection = {
  readonly record: InputRecord
  /** `topic/partition/offset` of the record. */
  readonly source: string
  readonly reason: RejectReason
  readonly message: string
  readonly rejectedAtMs: number
}

/**
 * Adds the dead letter of a rejected record: its key, value and headers untouched, and headers that say where it came
 * from and why it is here. They come last, so that they win over headers of the same name that the input brought (a
 * reader of Kafka headers takes the last). What is larger than the topic takes is cut, its size kept in a header.
 */
export const addDeadLetter = (letters: RunBuilder, rejection: Rejection): void => {
  const { record } = rejection
  const added = errorHeaders(rejection)
  if (letters.add(letterOf(record, record.key, appendHeaders(record.headers ?? {}, added)))) return
  addCut(letters, record, { ...added, [headerNames.originalSize]: String(Math.max(0, record.valueLength)) })
}

const errorHeaders = ({ source, reason, message, rejectedAtMs }: Rejection): Record<string, string> => ({
  [headerNames.source]: source,
  [headerNames.errorReason]: reason,
  [headerNames.errorMessage]: message,
  [headerNames.errorTimestamp]: String(rejectedAtMs),
})

const letterOf = (record: InputRecord, key: Buffer | null, headers: Headers, valueBytes?: number): EncodableRecord => {
  const { buffer, valueStart, valueLength, timestampMs } = record
  const encoded = encodeHeaders(headers)
  return {
    key,
    value: valueLength < 0 ? null : buffer,
    valueStart,
    valueEnd: valueStart + Math.max(0, Math.min(valueLength, valueBytes ?? valueLength)),
    headers: encoded,
    headersEnd: encoded.length,
    timestampMs,
  }
}

const appendHeaders = (own: Headers, added: Readonly<Record<string, string>>): Headers => {
  const headers: Headers = { ...own }
  for (const [name, value] of Object.entries(added)) {
    const before = Object.hasOwn(own, name) ? own[name] : undefined
    headers[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return headers
}

/** Halves the value until the letter fits; headers, then the key, are left out whole where they leave it no room. */
const addCut = (letters: RunBuilder, record: InputRecord, added: Readonly<Record<string, string>>): void => {
  const frames = [
    { key: record.key, headers: appendHeaders(record.headers ?? {}, added) },
    { key: record.key, headers: added },
    { key: null, headers: added },
  ]
  for (const { key, headers } of frames) {
    for (let bytes = record.valueLength; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      if (letters.add(letterOf(record, key, headers, bytes))) return
    }
  }
  if (letters.add(letterOf(record, null, added, 0))) return
  // A topic with a limit of a few hundred bytes cannot even hold the reason: the coordinates alone have to do.
  letters.add(letterOf(record, null, { [headerNames.source]: added[headerNames.source] }, 0))
}
