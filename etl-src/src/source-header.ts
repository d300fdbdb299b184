import { headerNames, writeVarint } from '@kafka-etl/common'
import { countDigits, writeInteger } from './write-number.js'

/** Writes the header `source` of an input partition's records: its name and its value, each after its length. */
export type WriteSourceHeader = (target: Buffer, at: number, offset: number) => number

/** More than the header takes: a topic's name of 249 characters, a partition and an offset. */
export const sourceHeaderBytes = 512

/** Makes the function that writes `topic/partition/offset` and returns where the header ends. ASCII alone. */
export const createWriteSourceHeader = (topic: string, partition: number): WriteSourceHeader => {
  const prefix = Buffer.from(`${topic}/${partition}/`, 'latin1')
  const name = Buffer.from(headerNames.source, 'latin1')
  return (target, at, offset) => {
    const nameAt = writeVarint(target, at, name.length)
    const lengthAt = nameAt + name.copy(target, nameAt)
    const next = writeVarint(target, lengthAt, prefix.length + countDigits(offset))
    return writeInteger(target, next + prefix.copy(target, next), offset)
  }
}
