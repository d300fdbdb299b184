/** The primitive types of requests and responses (https://kafka.apache.org/protocol, "Protocol Primitive Types"). */

export const int8 = (value: number): Buffer => Buffer.from([value])

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

export const string = (value: string): Buffer => {
  const length = Buffer.alloc(2)
  length.writeInt16BE(Buffer.byteLength(value))
  return Buffer.concat([length, Buffer.from(value)])
}

export const array = <T>(items: readonly T[], encode: (item: T) => Buffer): Buffer =>
  Buffer.concat([int32(items.length), ...items.map(encode)])

/** Compact types encode their length plus one as an unsigned varint (KIP-482). */
export const compactString = (value: string): Buffer =>
  Buffer.concat([compactLength(Buffer.byteLength(value)), Buffer.from(value)])

export const compactArray = <T>(items: readonly T[], encode: (item: T) => Buffer): Buffer =>
  Buffer.concat([compactLength(items.length), ...items.map(encode)])

/** A null compact array. */
export const noArray: Buffer = int8(0)

/**
 * No tagged fields (KIP-482). At the start of a request body it turns KafkaJS's header of version 1 into one of version
 * 2.
 */
export const noTags: Buffer = int8(0)

const compactLength = (length: number): Buffer => {
  const bytes: number[] = []
  let rest = length + 1
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

/** Reads the fields of a response one after the other. */
export type ResponseReader = {
  readonly int8: () => number
  readonly int16: () => number
  readonly int32: () => number
  readonly int64: () => bigint
  readonly bytes: (length: number) => Buffer
  readonly string: () => string
  readonly array: <T>(read: () => T) => readonly T[]
  /** Empty for null, too. */
  readonly compactString: () => string
  readonly compactArray: <T>(read: () => T) => readonly T[]
  readonly skipTags: () => void
}

export const createResponseReader = (buffer: Buffer): ResponseReader => {
  let at = 0
  const move = (bytes: number): number => (at += bytes) - bytes
  const unsignedVarint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = buffer.readUInt8(move(1))
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  const repeat = <T>(times: number, read: () => T): readonly T[] => Array.from({ length: Math.max(0, times) }, read)
  const text = (length: number): string => {
    const start = move(Math.max(0, length))
    return buffer.toString('utf8', start, at)
  }
  const reader: ResponseReader = {
    int8: () => buffer.readInt8(move(1)),
    int16: () => buffer.readInt16BE(move(2)),
    int32: () => buffer.readInt32BE(move(4)),
    int64: () => buffer.readBigInt64BE(move(8)),
    bytes: (length) => {
      const start = move(length)
      return buffer.subarray(start, at)
    },
    string: () => text(reader.int16()),
    array: (read) => repeat(reader.int32(), read),
    compactString: () => text(unsignedVarint() - 1),
    compactArray: (read) => repeat(unsignedVarint() - 1, read),
    skipTags: () => {
      for (let tags = unsignedVarint(); tags > 0; tags--) {
        unsignedVarint()
        move(unsignedVarint())
      }
    },
  }
  return reader
}
