import { parseSource } from '@kafka-etl/kafka'

const slash = 0x2f
const firstDigit = 0x30
const lastDigit = 0x39

/** More digits than this would not be exact as a number; no log gets that long. */
const mostDigits = 15

/** An input partition (`timezone1/0`) and an offset in it. */
export type RecordSource = { readonly inputPartition: string; readonly offset: number }

/**
 * Reads `source` headers. Neighbours mostly come from the same input partition, so that its name is kept and compared
 * as bytes: no text is made for a record. Undefined for anything but `topic/partition/offset`.
 */
export const createSourceReader = (): ((header: unknown) => RecordSource | undefined) => {
  let knownBytes = Buffer.alloc(0)
  let knownName = ''
  return (header) => {
    if (!Buffer.isBuffer(header)) return undefined
    let at = header.length - 1
    while (at >= 0 && isDigit(header[at])) at--
    const digits = header.length - 1 - at
    if (at <= 0 || header[at] !== slash || digits === 0 || digits > mostDigits) return undefined
    if (!startsWith(header, at, knownBytes)) {
      const source = parseSource(header.toString('latin1'))
      if (source === undefined) return undefined
      knownBytes = Buffer.from(header.subarray(0, at))
      knownName = `${source.topic}/${source.partition}`
    }
    let offset = 0
    for (let index = at + 1; index < header.length; index++) offset = offset * 10 + (header[index] ?? 0) - firstDigit
    return { inputPartition: knownName, offset }
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= firstDigit && byte <= lastDigit

const startsWith = (header: Buffer, length: number, expected: Buffer): boolean => {
  if (length !== expected.length) return false
  for (let index = 0; index < length; index++) {
    if (header[index] !== expected[index]) return false
  }
  return true
}
