import { headerNames } from '@kafka-etl/common'
import type { Headers, InputRecord, OutputRecord } from './input-record.js'
import type { RejectReason } from './pipelines/timestamps/reject-reason.js'
import { batchOverheadBytes, recordBytesAtMost } from './record-size.js'

export type Rejection = {
  readonly record: InputRecord
  /** `topic/partition/offset` of the record. */
  readonly source: string
  readonly reason: RejectReason
  readonly message: string
  readonly rejectedAtMs: number
}

/**
 * The dead letter of a rejected record: its key, value and headers untouched, and headers that say where it came from
 * and why it is here. They come last, so that they win over headers of the same name that the input brought (a
 * reader of Kafka headers takes the last). What is larger than the topic takes is cut, its size kept in a header.
 */
export const createDeadLetter = (rejection: Rejection, maxMessageBytes: number): OutputRecord => {
  const { record } = rejection
  const letter: OutputRecord = {
    key: record.key,
    value: record.value,
    timestamp: record.timestamp,
    headers: appendHeaders(record.headers ?? {}, errorHeaders(rejection)),
  }
  return fits(letter, maxMessageBytes) ? letter : cut(letter, rejection, maxMessageBytes)
}

const errorHeaders = ({ source, reason, message, rejectedAtMs }: Rejection): Record<string, string> => ({
  [headerNames.source]: source,
  [headerNames.errorReason]: reason,
  [headerNames.errorMessage]: message,
  [headerNames.errorTimestamp]: String(rejectedAtMs),
})

const appendHeaders = (own: Headers, added: Readonly<Record<string, string>>): Headers => {
  const headers: Headers = { ...own }
  for (const [name, value] of Object.entries(added)) {
    const before = headers[name]
    headers[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return headers
}

const fits = (letter: OutputRecord, maxMessageBytes: number): boolean =>
  recordBytesAtMost(letter) + batchOverheadBytes <= maxMessageBytes

/** Cuts the value to what fits; a key or headers that leave no room for it are left out whole. */
const cut = (letter: OutputRecord, rejection: Rejection, maxMessageBytes: number): OutputRecord => {
  const { record } = rejection
  const added = { ...errorHeaders(rejection), [headerNames.originalSize]: String(record.value?.length ?? 0) }
  const candidates: readonly OutputRecord[] = [
    { ...letter, value: null, headers: appendHeaders(record.headers ?? {}, added) },
    { ...letter, value: null, headers: added },
    { ...letter, value: null, key: null, headers: added },
  ]
  const smallest = { ...letter, value: null, key: null, headers: added }
  const frame = candidates.find((candidate) => fits(candidate, maxMessageBytes)) ?? smallest
  const room = Math.max(0, maxMessageBytes - batchOverheadBytes - recordBytesAtMost(frame))
  return { ...frame, value: record.value === null ? null : record.value.subarray(0, room) }
}
