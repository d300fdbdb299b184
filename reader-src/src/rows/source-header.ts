import { parseSource, type RecordView } from '@kafka-etl/kafka'

const slash = 0x2f
const firstDigit = 0x30
const lastDigit = 0x39

/** More digits than this would not be exact as a number; no log gets that long. */
const mostDigits = 15

/**
 * The content of a `source` header: an input partition (`timezone1/0`), an offset in it, and the index among the input
 * record's outputs for this topic, from 0.
 */
export type SourceHeader = { readonly inputPartition: string; readonly offset: number; readonly index: number }

/** A record's headers, by their position in the bytes. */
export type HeaderBytes = Pick<RecordView, 'buffer' | 'headersStart' | 'headersEnd'>

/**
 * The first bytes of an ordinary output's headers: one header (varint 1), whose name has 6 bytes (varint 6): `source`.
 */
const onlySource = Buffer.concat([Buffer.from([2, 12]), Buffer.from('source')])
/** A varint of one byte holds no more than this. */
const longestShortValue = 63

/**
 * Reads the `source` of records that have no other header, which is all that the ETL writes unless a step adds headers
 * or an input topic was recreated. Neighbours mostly come from the same input partition: the reader keeps its name,
 * compares it as bytes, and returns the same object again, which avoids allocating for each record. Undefined if there
 * are other headers, or no source.
 */
export const createSourceReader = () => {
  let knownBytes = Buffer.alloc(0)
  const known = { inputPartition: '', offset: 0, index: 0 }
  const readBytes = (bytes: Buffer, start: number, end: number): SourceHeader | undefined => {
    if (!startsWith(bytes, start, end, knownBytes) || bytes[start + knownBytes.length] !== slash) {
      const inputPartition = readInputPartition(bytes.toString('latin1', start, end))
      if (inputPartition === undefined) return undefined
      knownBytes = Buffer.from(inputPartition, 'latin1')
      known.inputPartition = inputPartition
    }
    const offsetStart = start + knownBytes.length + 1
    const offsetEnd = endOfDigits(bytes, offsetStart, end)
    if (!isNumber(offsetStart, offsetEnd)) return undefined
    known.offset = readNumber(bytes, offsetStart, offsetEnd)
    known.index = 0
    if (offsetEnd === end) return known
    if (bytes[offsetEnd] !== slash || !isNumber(offsetEnd + 1, end)) return undefined
    if (endOfDigits(bytes, offsetEnd + 1, end) !== end) return undefined
    known.index = readNumber(bytes, offsetEnd + 1, end)
    return known
  }
  return {
    readOnly: ({ buffer, headersStart, headersEnd }: HeaderBytes): SourceHeader | undefined => {
      const lengthAt = headersStart + onlySource.length
      const length = (buffer[lengthAt] ?? 0) >> 1
      const start = lengthAt + 1
      if (length > longestShortValue || start + length !== headersEnd) return undefined
      if (!startsWith(buffer, headersStart, lengthAt, onlySource)) return undefined
      return readBytes(buffer, start, headersEnd)
    },
    readValue: (value: unknown): SourceHeader | undefined =>
      Buffer.isBuffer(value) ? readBytes(value, 0, value.length) : undefined,
  }
}

const firstParts = /^[^/]+\/[^/]+\/[^/]+/

const readInputPartition = (text: string): string | undefined => {
  const source = parseSource(firstParts.exec(text)?.[0] ?? '')
  return source && `${source.topic}/${source.partition}`
}

const isNumber = (start: number, end: number): boolean => end > start && end - start <= mostDigits

const endOfDigits = (bytes: Buffer, start: number, end: number): number => {
  let at = start
  while (at < end && isDigit(bytes[at])) at++
  return at
}

const readNumber = (bytes: Buffer, start: number, end: number): number => {
  let number = 0
  for (let at = start; at < end; at++) number = number * 10 + (bytes[at] ?? 0) - firstDigit
  return number
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= firstDigit && byte <= lastDigit

const startsWith = (bytes: Buffer, start: number, end: number, expected: Buffer): boolean => {
  if (end - start < expected.length || expected.length === 0) return false
  for (let index = 0; index < expected.length; index++) {
    if (bytes[start + index] !== expected[index]) return false
  }
  return true
}
