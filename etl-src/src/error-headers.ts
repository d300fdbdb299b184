import { headerNames, writeVarint } from '@kafka-etl/kafka'
import { encodeText, mostBytesOfCharacter, writeText } from './encode-text.js'
import type { InputRecord } from './input-record.js'
import { rejectReasons, type RejectReason } from './pipelines/reject-reason.js'
import { createWriteSourceHeader, sourceHeaderBytes } from './source-header.js'

/** Why a record is set aside, and when: `rejectedAtMs` in epoch milliseconds. */
export type ErrorFields = { readonly reason: RejectReason; readonly message: string; readonly rejectedAtMs: number }

/** What of the record's own headers stays, and how large its value was where it is cut. */
export type ErrorFrame = { readonly keepsHeaders: boolean; readonly originalBytes?: number }

/** Writes the headers of dead letters, their number first, again and again into the same bytes. */
export type ErrorHeaders = {
  /** Returns where they end in the bytes. */
  readonly write: (record: InputRecord, fields: ErrorFields, frame: ErrorFrame) => number
  /** The coordinates alone. */
  readonly writeSource: (record: InputRecord) => number
  /** What was written last; after each writing they may be others. */
  readonly bytes: () => Buffer
}

const timestampName = encodeText(headerNames.errorTimestamp)
const originalSizeName = encodeText(headerNames.originalSize)
/** The reason, and the name of the message, which comes after it. */
const reasonHeaders = new Map(
  rejectReasons.map((reason) => [
    reason,
    Buffer.concat([headerNames.errorReason, reason, headerNames.errorMessage].map(encodeText)),
  ]),
)

/** More than all of them take together, without the message and the headers of the record itself. */
const fixedBytes = sourceHeaderBytes + 512

export const createErrorHeaders = (topic: string, partition: number): ErrorHeaders => {
  const writeSourceHeader = createWriteSourceHeader(topic, partition)
  let bytes = Buffer.allocUnsafe(4_096)

  const reserve = (length: number): void => {
    if (bytes.length < length) bytes = Buffer.allocUnsafe(length)
  }
  const writeOwn = ({ buffer, headersStart, headersEnd }: InputRecord, added: number): number => {
    const { count, end } = readCount(buffer, headersStart)
    const at = writeVarint(bytes, 0, count + added)
    return end === headersEnd ? at : at + buffer.copy(bytes, at, end, headersEnd)
  }
  const writeReason = (at: number, { reason, message }: ErrorFields): number =>
    writeText(bytes, at + (reasonHeaders.get(reason)?.copy(bytes, at) ?? 0), message)
  // A batch is handled at one moment.
  let lastMs = Number.NaN
  let timestampHeader = timestampName
  const writeTimestamp = (at: number, rejectedAtMs: number): number => {
    if (rejectedAtMs !== lastMs) timestampHeader = encodeNumber(timestampName, rejectedAtMs)
    lastMs = rejectedAtMs
    return at + timestampHeader.copy(bytes, at)
  }

  return {
    write: (record, fields, { keepsHeaders, originalBytes }) => {
      const own = keepsHeaders ? record.headersEnd - record.headersStart : 0
      reserve(own + fixedBytes + fields.message.length * mostBytesOfCharacter)
      const added = originalBytes === undefined ? 4 : 5
      let at = keepsHeaders ? writeOwn(record, added) : writeVarint(bytes, 0, added)
      at = writeSourceHeader(bytes, at, record.offsetNumber)
      at = writeReason(at, fields)
      at = writeTimestamp(at, fields.rejectedAtMs)
      if (originalBytes !== undefined) at += encodeNumber(originalSizeName, originalBytes).copy(bytes, at)
      return at
    },
    writeSource: ({ offsetNumber }) => writeSourceHeader(bytes, writeVarint(bytes, 0, 1), offsetNumber),
    bytes: () => bytes,
  }
}

const encodeNumber = (name: Buffer, value: number): Buffer => Buffer.concat([name, encodeText(String(value))])

/** The varint before a record's headers, which is never negative. */
const readCount = (bytes: Buffer, start: number): { readonly count: number; readonly end: number } => {
  let end = start
  let zigzag = 0
  for (let scale = 1; ; scale *= 0x80) {
    const byte = bytes[end++] ?? 0
    zigzag += (byte & 0x7f) * scale
    if (byte < 0x80) return { count: zigzag / 2, end }
  }
}
