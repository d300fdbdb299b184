import { headerNames, writeVarint } from '@kafka-etl/common'
import { encodeText } from './encode-text.js'
import type { InputRecord } from './input-record.js'
import { rejectReasons, type RejectReason } from './pipelines/reject-reason.js'
import { createWriteSourceHeader, sourceHeaderBytes } from './source-header.js'
import { countDigits, writeInteger } from './write-number.js'

/** Why a record is set aside, and when: `rejectedAtMs` in epoch milliseconds. */
export type ErrorFields = { readonly reason: RejectReason; readonly message: string; readonly rejectedAtMs: number }

/** What of the record's own headers stays, and how large its value was where it is cut. */
export type ErrorFrame = { readonly keepsHeaders: boolean; readonly originalBytes?: number }

/** Writes the headers of dead letters, their number first, again and again into the same bytes. */
export type ErrorHeaders = {
  /** Valid until the next call. */
  readonly write: (record: InputRecord, fields: ErrorFields, frame: ErrorFrame) => Buffer
  /** The coordinates alone. */
  readonly writeSource: (record: InputRecord) => Buffer
}

const messageName = encodeText(headerNames.errorMessage)
const timestampName = encodeText(headerNames.errorTimestamp)
const originalSizeName = encodeText(headerNames.originalSize)
const reasonHeaders = new Map(
  rejectReasons.map((reason) => [reason, Buffer.concat([encodeText(headerNames.errorReason), encodeText(reason)])]),
)

/** More than all of them take together, without the message and the headers of the record itself. */
const fixedBytes = sourceHeaderBytes + 512
const mostBytesOfCharacter = 3

export const createErrorHeaders = (topic: string, partition: number): ErrorHeaders => {
  const writeSourceHeader = createWriteSourceHeader(topic, partition)
  let bytes = Buffer.allocUnsafe(4_096)

  const reserve = (length: number): void => {
    if (bytes.length < length) bytes = Buffer.allocUnsafe(length)
  }
  const writeOwn = ({ buffer, headersStart, headersEnd }: InputRecord, added: number): number => {
    const { count, end } = readCount(buffer, headersStart)
    const at = writeVarint(bytes, 0, count + added)
    return at + buffer.copy(bytes, at, end, headersEnd)
  }
  const writeNumber = (at: number, name: Buffer, value: number): number => {
    const next = at + name.copy(bytes, at)
    return writeInteger(bytes, writeVarint(bytes, next, countDigits(value)), value)
  }
  const writeMessage = (at: number, message: string): number => {
    const next = writeVarint(bytes, at + messageName.copy(bytes, at), Buffer.byteLength(message))
    return next + bytes.write(message, next)
  }

  return {
    write: (record, { reason, message, rejectedAtMs }, { keepsHeaders, originalBytes }) => {
      const own = keepsHeaders ? record.headersEnd - record.headersStart : 0
      reserve(own + fixedBytes + message.length * mostBytesOfCharacter)
      const added = originalBytes === undefined ? 4 : 5
      let at = keepsHeaders ? writeOwn(record, added) : writeVarint(bytes, 0, added)
      at = writeSourceHeader(bytes, at, record.offsetNumber)
      at += reasonHeaders.get(reason)?.copy(bytes, at) ?? 0
      at = writeMessage(at, message)
      at = writeNumber(at, timestampName, rejectedAtMs)
      if (originalBytes !== undefined) at = writeNumber(at, originalSizeName, originalBytes)
      return bytes.subarray(0, at)
    },
    writeSource: ({ offsetNumber }) =>
      bytes.subarray(0, writeSourceHeader(bytes, writeVarint(bytes, 0, 1), offsetNumber)),
  }
}

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
