import { headerNames, writeVarint } from '@kafka-etl/common'
import { encodeText } from './encode-text.js'
import { countDigits, writeInteger } from './write-number.js'

/** Writes the header `source` of an input partition's records: its name and its value, each after its length. */
export type WriteSourceHeader = (target: Buffer, at: number, offset: number) => number

/** More than the header takes: a topic's name of 249 characters, a partition and an offset. */
export const sourceHeaderBytes = 512

/** Makes the function that writes `topic/partition/offset` and returns where the header ends. ASCII alone. */
export const createWriteSourceHeader = (topic: string, partition: number): WriteSourceHeader => {
  const prefix = Buffer.from(`${topic}/${partition}/`, 'latin1')
  const name = encodeText(headerNames.source)
  return (target, at, offset) => {
    const next = writeVarint(target, at + name.copy(target, at), prefix.length + countDigits(offset))
    return writeInteger(target, next + prefix.copy(target, next), offset)
  }
}
