import { parseSource, type RecordView } from '@kafka-etl/kafka'

const slash = 0x2f
const firstDigit = 0x30
const lastDigit = 0x39

/** More digits than this would not be exact as a number; no log gets that long. */
const mostDigits = 15

/** An input partition (`timezone1/0`) and an offset in it. */
export type SourceHeader = { readonly inputPartition: string; readonly offset: number }

/** A record's headers, by where they are in bytes. */
export type HeaderBytes = Pick<RecordView, 'buffer' | 'headersStart' | 'headersEnd'>

/** How the headers of an ordinary output begin: one header (varint 1), whose name has 6 bytes (varint 6): `source`. */
const onlySource = Buffer.concat([Buffer.from([2, 12]), Buffer.from('source')])
/** A varint of one byte holds no more than this. */
const longestShortValue = 63

/**
 * Reads the `source` of records whose only header it is, which is all that the ETL writes unless an input topic was made
 * again. Neighbours mostly come from the same input partition: its name is kept and compared as bytes, and the same
 * object is returned again, so that nothing is made for a record. Undefined if the headers are others, or no source.
 */
export const createSourceReader = () => {
  let knownBytes = Buffer.alloc(0)
  const known = { inputPartition: '', offset: 0 }
  const readBytes = (bytes: Buffer, start: number, end: number): SourceHeader | undefined => {
    let at = end - 1
    while (at >= start && isDigit(bytes[at])) at--
    const digits = end - 1 - at
    if (at <= start || bytes[at] !== slash || digits === 0 || digits > mostDigits) return undefined
    if (!hasBytes(bytes, start, at, knownBytes)) {
      const source = parseSource(bytes.toString('latin1', start, end))
      if (source?.index !== undefined || source === undefined) return undefined
      knownBytes = Buffer.from(bytes.subarray(start, at))
      known.inputPartition = `${source.topic}/${source.partition}`
    }
    known.offset = 0
    for (let index = at + 1; index < end; index++) known.offset = known.offset * 10 + (bytes[index] ?? 0) - firstDigit
    return known
  }
  return {
    readOnly: ({ buffer, headersStart, headersEnd }: HeaderBytes): SourceHeader | undefined => {
      const lengthAt = headersStart + onlySource.length
      const length = (buffer[lengthAt] ?? 0) >> 1
      const start = lengthAt + 1
      if (length > longestShortValue || start + length !== headersEnd) return undefined
      if (!hasBytes(buffer, headersStart, lengthAt, onlySource)) return undefined
      return readBytes(buffer, start, headersEnd)
    },
    readValue: (value: unknown): SourceHeader | undefined =>
      Buffer.isBuffer(value) ? readBytes(value, 0, value.length) : undefined,
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= firstDigit && byte <= lastDigit

const hasBytes = (bytes: Buffer, start: number, end: number, expected: Buffer): boolean => {
  if (end - start !== expected.length) return false
  for (let index = 0; index < expected.length; index++) {
    if (bytes[start + index] !== expected[index]) return false
  }
  return true
}
