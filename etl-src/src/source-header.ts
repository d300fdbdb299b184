import { headerNames, sizeOfVarint, writeVarint } from '@kafka-etl/common'

/** Writes the one header of an output, `source`, again and again into the same bytes. */
export type SourceHeader = {
  readonly bytes: Buffer
  /** Writes `topic/partition/offset` and returns where the headers end. ASCII alone. */
  readonly write: (offset: string) => number
}

export const createSourceHeader = (topic: string, partition: number): SourceHeader => {
  const prefix = `${topic}/${partition}/`
  const longest = prefix.length + 20
  const bytes = Buffer.alloc(32 + longest)
  let start = writeVarint(bytes, 0, 1)
  start = writeVarint(bytes, start, headerNames.source.length)
  start += bytes.write(headerNames.source, start, 'latin1')
  return {
    bytes,
    write: (offset) => {
      const length = prefix.length + offset.length
      let at = start
      if (sizeOfVarint(length) === 1) bytes[at++] = length << 1
      else at = writeVarint(bytes, at, length)
      return at + bytes.write(prefix + offset, at, 'latin1')
    },
  }
}
