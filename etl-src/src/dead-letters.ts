import {
  createWriteSourceHeader,
  encodeText,
  headerNames,
  mostBytesOfCharacter,
  readHeaderCount,
  sourceHeaderBytes,
  writeText,
  writeVarint,
  type RecordView,
  type RunBuilder,
} from '@kafka-etl/kafka'

/** Why a record was rejected. */
export type LetterReason = { readonly reason: string; readonly message: string }

/** What all letters of a batch have in common: when their records were rejected, in epoch milliseconds. */
export type LetterBatch = {
  readonly rejectedAtMs: number
  /** The encoded header that distinguishes the topic from an earlier one with the same name; undefined: none. */
  readonly mark?: Buffer | undefined
}

/** The header `source-topic-id`: its name and its value, each with its length in front. */
export const encodeMark = (topicId: string): Buffer =>
  Buffer.concat([encodeText(headerNames.sourceTopicId), encodeText(topicId)])

export type AddDeadLetter = (letters: RunBuilder, record: RecordView, why: LetterReason, batch: LetterBatch) => void

/**
 * Creates the function that adds the dead letter of a rejected record: its key, value and headers unchanged, then
 * headers that say where it came from and why it was rejected. These come last, and override the input's own headers of
 * the same name (Kafka clients take the last one). A value that is too large for the topic is cut; a header keeps its
 * size.
 */
export const createAddDeadLetter = (topic: string, partition: number): AddDeadLetter => {
  const headers = createLetterHeaders(topic, partition)
  const hasKey = ({ keyLength, missingKeyBytes }: RecordView): boolean => keyLength >= 0 && missingKeyBytes === 0

  /** Halves the value until the letter fits. Drops the headers, then the key, if they leave no room for it. */
  const addCut: AddDeadLetter = (letters, record, why, batch) => {
    const originalBytes = Math.max(0, record.valueLength + record.missingValueBytes)
    const frames = [
      { keepsKey: hasKey(record), keepsHeaders: true },
      { keepsKey: hasKey(record), keepsHeaders: false },
      { keepsKey: false, keepsHeaders: false },
    ]
    for (const { keepsKey, keepsHeaders } of frames) {
      const headersEnd = headers.write(record, why, batch, { keepsHeaders, originalBytes })
      for (let bytes = record.valueLength; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        if (add(letters, record, batch, keepsKey, headersEnd, bytes)) return
      }
    }
    const leastHeadersEnd = headers.write(record, why, batch, { keepsHeaders: false, originalBytes })
    if (add(letters, record, batch, false, leastHeadersEnd, 0)) return
    // A topic with a limit of a few hundred bytes cannot even hold the reason: write only the coordinates.
    add(letters, record, batch, false, headers.writeSource(record, batch), 0)
  }

  const add = (
    letters: RunBuilder,
    { buffer, keyStart, keyLength, valueStart, valueLength }: RecordView,
    { rejectedAtMs }: LetterBatch,
    keepsKey: boolean,
    headersEnd: number,
    valueBytes: number,
  ): boolean =>
    letters.add({
      key: keepsKey ? buffer : null,
      keyStart,
      keyEnd: keyStart + keyLength,
      value: valueLength < 0 ? null : buffer,
      valueStart,
      valueEnd: valueStart + Math.max(0, valueBytes),
      headers: headers.bytes(),
      headersEnd,
      // Retention counts from the time of writing.
      timestampMs: rejectedAtMs,
    })

  return (letters, record, why, batch) => {
    const isWhole = record.missingValueBytes + record.missingKeyBytes + record.missingHeadersBytes === 0
    const headersEnd = headers.write(record, why, batch, whole)
    if (isWhole && add(letters, record, batch, hasKey(record), headersEnd, record.valueLength)) return
    addCut(letters, record, why, batch)
  }
}

/** Whether a dead letter keeps the record's own headers and, if its value is cut, how many bytes the value had. */
type Frame = { readonly keepsHeaders: boolean; readonly originalBytes?: number }

const whole: Frame = { keepsHeaders: true }

/** Writes the headers of dead letters with their count in front, always into the same buffer. */
type LetterHeaders = {
  /** Returns the end position in the buffer. */
  readonly write: (record: RecordView, why: LetterReason, batch: LetterBatch, frame: Frame) => number
  /** Writes only the coordinates. */
  readonly writeSource: (record: RecordView, batch: LetterBatch) => number
  /** The buffer with the last written headers; the next write may replace it. */
  readonly bytes: () => Buffer
}

const timestampName = encodeText(headerNames.errorTimestamp)
const originalSizeName = encodeText(headerNames.originalSize)

/** The reason header, and the name of the message header after it; cached, since a pipeline has few reasons. */
const createReasonHeaders = (): ((reason: string) => Buffer) => {
  const known = new Map<string, Buffer>()
  return (reason) => {
    const found = known.get(reason)
    if (found) return found
    const bytes = Buffer.concat([headerNames.errorReason, reason, headerNames.errorMessage].map(encodeText))
    known.set(reason, bytes)
    return bytes
  }
}

/** The header with the time of rejection; cached, since a batch has one time. */
const createTimestampHeader = (): ((rejectedAtMs: number) => Buffer) => {
  let lastMs = Number.NaN
  let bytes = timestampName
  return (rejectedAtMs) => {
    if (rejectedAtMs !== lastMs) bytes = encodeNumber(timestampName, rejectedAtMs)
    lastMs = rejectedAtMs
    return bytes
  }
}

const encodeNumber = (name: Buffer, value: number): Buffer => Buffer.concat([name, encodeText(String(value))])

/** An upper bound of the size of all of them together, without the message and the record's own headers. */
const fixedBytes = sourceHeaderBytes + 512

const createLetterHeaders = (topic: string, partition: number): LetterHeaders => {
  const writeSourceHeader = createWriteSourceHeader(topic, partition)
  const reasonHeaders = createReasonHeaders()
  const timestampHeader = createTimestampHeader()
  let bytes = Buffer.allocUnsafe(4_096)

  const reserve = (length: number): void => {
    if (bytes.length < length) bytes = Buffer.allocUnsafe(length)
  }
  const writeOwn = ({ buffer, headersStart, headersEnd }: RecordView, added: number): number => {
    const { count, end } = readHeaderCount(buffer, headersStart)
    const at = writeVarint(bytes, 0, count + added)
    return end === headersEnd ? at : at + buffer.copy(bytes, at, end, headersEnd)
  }
  const writeCoordinates = (at: number, { offsetNumber }: RecordView, { mark }: LetterBatch): number => {
    const end = writeSourceHeader(bytes, at, offsetNumber)
    return mark ? end + mark.copy(bytes, end) : end
  }
  const writeReason = (at: number, { reason, message }: LetterReason): number =>
    writeText(bytes, at + reasonHeaders(reason).copy(bytes, at), message)

  return {
    write: (record, why, batch, { keepsHeaders, originalBytes }) => {
      const own = keepsHeaders ? record.headersEnd - record.headersStart : 0
      reserve(own + fixedBytes + (why.reason.length + why.message.length) * mostBytesOfCharacter)
      const added = 4 + (batch.mark ? 1 : 0) + (originalBytes === undefined ? 0 : 1)
      let at = keepsHeaders ? writeOwn(record, added) : writeVarint(bytes, 0, added)
      at = writeCoordinates(at, record, batch)
      at = writeReason(at, why)
      at += timestampHeader(batch.rejectedAtMs).copy(bytes, at)
      return originalBytes === undefined ? at : at + encodeNumber(originalSizeName, originalBytes).copy(bytes, at)
    },
    writeSource: (record, batch) => writeCoordinates(writeVarint(bytes, 0, batch.mark ? 2 : 1), record, batch),
    bytes: () => bytes,
  }
}
