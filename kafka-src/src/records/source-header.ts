import { countDigits, writeInteger } from '@kafka-etl/common'
import { encodeText } from './header-text.js'
import { headerNames } from './source.js'
import { writeVarint } from './varint.js'

const slash = 0x2f

/** Writes the header `source` of an input partition's records: its name and its value, each after its length. */
export type WriteSourceHeader = (target: Buffer, at: number, offset: number, index?: number) => number

/** More than the header takes: a topic's name of 249 characters, a partition, an offset and an index. */
export const sourceHeaderBytes = 512

/**
 * Makes the function that writes what `formatSource` gives, `topic/partition/offset` or `topic/partition/offset/index`, and
 * returns where the header ends. ASCII alone.
 */
export const createWriteSourceHeader = (topic: string, partition: number): WriteSourceHeader => {
  const prefix = Buffer.from(`${topic}/${partition}/`, 'latin1')
  const name = encodeText(headerNames.source)
  const createHead = (digits: number): Buffer => {
    const head = Buffer.alloc(name.length + prefix.length + 5)
    const at = writeVarint(head, name.copy(head), prefix.length + digits)
    return head.subarray(0, at + prefix.copy(head, at))
  }
  // All but the numbers at its end, by their length: one copy where there would be three steps.
  const heads: Buffer[] = []
  return (target, at, offset, index = 0) => {
    const length = countDigits(offset) + (index === 0 ? 0 : 1 + countDigits(index))
    const head = (heads[length] ??= createHead(length))
    const end = writeInteger(target, at + head.copy(target, at), offset)
    if (index === 0) return end
    target[end] = slash
    return writeInteger(target, end + 1, index)
  }
}
