import { countDigits, writeInteger } from '@kafka-etl/common'
import { encodeText } from './header-text.js'
import { headerNames } from './source.js'
import { writeVarint } from './varint.js'

/** Writes the header `source` of an input partition's records: its name and its value, each after its length. */
export type WriteSourceHeader = (target: Buffer, at: number, offset: number) => number

/** More than the header takes: a topic's name of 249 characters, a partition and an offset. */
export const sourceHeaderBytes = 512

/** Makes the function that writes `topic/partition/offset` and returns where the header ends. ASCII alone. */
export const createWriteSourceHeader = (topic: string, partition: number): WriteSourceHeader => {
  const prefix = Buffer.from(`${topic}/${partition}/`, 'latin1')
  const name = encodeText(headerNames.source)
  const createHead = (digits: number): Buffer => {
    const head = Buffer.alloc(name.length + prefix.length + 5)
    const at = writeVarint(head, name.copy(head), prefix.length + digits)
    return head.subarray(0, at + prefix.copy(head, at))
  }
  // All but the offset, by the number of its digits: one copy where there would be three steps.
  const heads: Buffer[] = []
  return (target, at, offset) => {
    const digits = countDigits(offset)
    const head = (heads[digits] ??= createHead(digits))
    return writeInteger(target, at + head.copy(target, at), offset)
  }
}
