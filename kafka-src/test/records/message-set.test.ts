import { gzipSync } from 'node:zlib'
import { createBatchReader } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'

type Message = {
  readonly magic: 0 | 1
  readonly offset: number
  readonly timestamp?: bigint
  readonly key?: Buffer | null
  readonly value: Buffer | null
  readonly attributes?: number
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}
const field = (bytes: Buffer | null): Buffer =>
  bytes === null ? int32(-1) : Buffer.concat([int32(bytes.length), bytes])

/** Encodes messages as in the protocol guide; nothing reads the checksum. */
const encode = ({ magic, offset, timestamp = -1n, key = null, value, attributes = 0 }: Message): Buffer => {
  const body = Buffer.concat([
    int32(0),
    Buffer.from([magic, attributes]),
    magic === 1 ? int64(timestamp) : Buffer.alloc(0),
    field(key),
    field(value),
  ])
  return Buffer.concat([int64(BigInt(offset)), int32(body.length), body])
}

const read = async (messages: Buffer, fetchedOffset = 0, chunkBytes = 1_048_576): Promise<readonly unknown[]> => {
  const data = { partition: 0, highWatermark: '0', abortedTransactions: null, messages }
  const seen: unknown[] = []
  const { fetched } = createBatchReader({ chunkBytes })('t', String(fetchedOffset), data)
  for await (const { records } of fetched.chunks()) {
    records.forEach((record) => {
      expect(record.headers).toEqual({})
      seen.push([
        record.offsetNumber,
        record.timestamp,
        record.key?.toString() ?? null,
        record.value?.toString() ?? null,
      ])
    })
  }
  return seen
}

describe('messages of the formats before v2', () => {
  it('are records without headers, those of v0 without a timestamp', async () => {
    const messages = Buffer.concat([
      encode({ magic: 0, offset: 5, key: Buffer.from('k'), value: Buffer.from('a') }),
      encode({ magic: 1, offset: 6, timestamp: 1_707_145_312_884n, value: null }),
    ])
    expect(await read(messages)).toEqual([
      [5, -1n, 'k', 'a'],
      [6, 1_707_145_312_884n, null, null],
    ])
    expect(await read(messages, 6)).toHaveLength(1)
  })

  it.each([1_048_576, 40])(
    'come out of a compressed one, counted from 0, in chunks of %s bytes',
    async (chunkBytes) => {
      const inner = Buffer.concat(
        [0, 1, 2].map((offset) => encode({ magic: 1, offset, timestamp: 7n, value: Buffer.from(`v${offset}`) })),
      )
      const messages = encode({ magic: 1, offset: 12, attributes: 1, value: gzipSync(inner) })
      expect(await read(messages, 0, chunkBytes)).toEqual([
        [10, 7n, null, 'v0'],
        [11, 7n, null, 'v1'],
        [12, 7n, null, 'v2'],
      ])
      expect(await read(messages, 11, chunkBytes)).toHaveLength(2)
    },
  )

  it('bear the time of appending, if their log does', async () => {
    const inner = encode({ magic: 1, offset: 0, timestamp: 7n, value: Buffer.from('v') })
    const messages = encode({ magic: 1, offset: 3, timestamp: 9n, attributes: 1 | 8, value: gzipSync(inner) })
    expect(await read(messages)).toEqual([[3, 9n, null, 'v']])
  })
})
