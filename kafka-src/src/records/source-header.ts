import { countDigits, writeInteger } from '@kafka-etl/common'
import { encodeText } from './header-text.js'
import { headerNames } from './source.js'
import { writeVarint } from './varint.js'

const slash = 0x2f

/** Writes the `source` header of an input partition's records: name and value, each with its length in front. */
export type WriteSourceHeader = (target: Buffer, at: number, offset: number, index?: number) => number

/** The maximum size of the header: a topic name of 249 characters, a partition, an offset and an index. */
export const sourceHeaderBytes = 512

/**
 * Creates the function that writes the result of `formatSource`, `topic/partition/offset` or
 * `topic/partition/offset/index`, as ASCII and returns the end position.
 */
export const createWriteSourceHeader = (topic: string, partition: number): WriteSourceHeader => {
  const prefix = Buffer.from(`${topic}/${partition}/`, 'latin1')
  const name = encodeText(headerNames.source)
  const createHead = (digits: number): Buffer => {
    const head = Buffer.alloc(name.length + prefix.length + 5)
    const at = writeVarint(head, name.copy(head), prefix.length + digits)
    return head.subarray(0, at + prefix.copy(head, at))
  }
  // Everything but the numbers at the end, by their length: one copy instead of three steps.
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
