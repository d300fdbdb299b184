import { describe, expect, it, jest } from '@jest/globals'

/**
 * What KafkaJS's consumer makes of the bytes of a fetch response: patches/kafkajs+2.2.4.patch reads the records from
 * them one after the other, batch by batch (patches/README.md).
 */

type Encoded = { readonly buffer: Buffer; readonly buffers: readonly Buffer[] }
type SeenRecord = { readonly offset: string; readonly value: Buffer | null }
type FetchedBatch = {
  readonly messages: readonly SeenRecord[]
  readonly records: { readonly length: number; readonly forEach: (visit: (record: SeenRecord) => void) => void }
  readonly firstOffset: () => string | null
  readonly lastOffset: () => string
  readonly isEmpty: () => boolean
  readonly isEmptyDueToFiltering: () => boolean
  readonly isEmptyControlRecord: () => boolean
}

const encodeRecord = jest.requireActual<(record: object) => object>('kafkajs/src/protocol/recordBatch/record/v0')
const { RecordBatch } = jest.requireActual<{ RecordBatch: (options: object) => Promise<Encoded> }>(
  'kafkajs/src/protocol/recordBatch/v0',
)
const MessageSet = jest.requireActual<(options: object) => Encoded>('kafkajs/src/protocol/messageSet')
const Decoder = jest.requireActual<new (bytes: Buffer) => object>('kafkajs/src/protocol/decoder')
const decodeMessages = jest.requireActual<(decoder: object) => Promise<unknown>>(
  'kafkajs/src/protocol/requests/fetch/v4/decodeMessages',
)
const Batch =
  jest.requireActual<new (topic: string, fetchedOffset: string, data: object) => FetchedBatch>(
    'kafkajs/src/consumer/batch',
  )

type BatchParts = {
  /** Of the records that are there; compaction may have taken others. */
  readonly offsets: readonly number[]
  readonly firstOffset?: number
  readonly lastOffset?: number
  readonly producerId?: number
  readonly marker?: 'commit' | 'abort'
  readonly compression?: number
  readonly key?: Buffer
}

const attributesAt = 21
const controlFlag = 0x20
const markerKeys = { commit: Buffer.from([0, 0, 0, 1]), abort: Buffer.from([0, 0, 0, 0]) }

const encodeBatch = async (parts: BatchParts): Promise<Buffer> => {
  const { offsets, producerId, marker, compression = 0, key = null } = parts
  const firstOffset = parts.firstOffset ?? offsets[0] ?? 0
  const encoded = await RecordBatch({
    firstOffset,
    lastOffsetDelta: (parts.lastOffset ?? offsets.at(-1) ?? 0) - firstOffset,
    firstTimestamp: 1_000,
    maxTimestamp: 1_000,
    transactional: producerId !== undefined,
    producerId: producerId ?? -1,
    compression,
    records: offsets.map((offset) =>
      encodeRecord({
        offsetDelta: offset - firstOffset,
        timestampDelta: 0,
        key: marker ? markerKeys[marker] : key,
        value: Buffer.from(`value ${offset}`),
      }),
    ),
  })
  const bytes = Buffer.from(encoded.buffer)
  if (marker) bytes.writeInt16BE(bytes.readInt16BE(attributesAt) | controlFlag, attributesAt)
  return bytes
}

const fetchBytes = async (
  bytes: Buffer,
  fetchedOffset: number,
  aborted: readonly (readonly [number, number])[] = [],
) => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(bytes.length)
  const abortedTransactions = aborted.map(([producerId, firstOffset]) => ({
    producerId: String(producerId),
    firstOffset: String(firstOffset),
  }))
  const messages = await decodeMessages(new Decoder(Buffer.concat([size, bytes])))
  const data = { partition: 0, highWatermark: '100', abortedTransactions, messages }
  return new Batch('t', String(fetchedOffset), data)
}

const fetchBatches = async (
  batches: readonly BatchParts[],
  fetchedOffset = 0,
  aborted: readonly (readonly [number, number])[] = [],
): Promise<FetchedBatch> =>
  fetchBytes(Buffer.concat(await Promise.all(batches.map(encodeBatch))), fetchedOffset, aborted)

const offsetsOf = (batch: FetchedBatch): readonly number[] => {
  const visited: string[] = []
  batch.records.forEach(({ offset, value }) => visited.push(`${offset} ${String(value)}`))
  expect(batch.messages.map(({ offset, value }) => `${offset} ${String(value)}`)).toEqual(visited)
  expect(batch.records.length).toBe(visited.length)
  return visited.map((text) => Number(text.split(' ')[0]))
}

describe('the records of a fetch', () => {
  it('are all there, in order, plain or compressed', async () => {
    const gzip = 1
    const batch = await fetchBatches([{ offsets: [0, 1, 2] }, { offsets: [3, 4], compression: gzip }, { offsets: [5] }])
    expect(offsetsOf(batch)).toEqual([0, 1, 2, 3, 4, 5])
    expect([batch.firstOffset(), batch.lastOffset()]).toEqual(['0', '5'])
  })

  it.each([
    { from: 0, offsets: [0, 1, 2, 5, 6] },
    { from: 2, offsets: [2, 5, 6] },
    { from: 3, offsets: [5, 6] },
    { from: 5, offsets: [5, 6] },
    { from: 6, offsets: [6] },
  ])('begin at the offset that was asked for, $from, in the midst of a batch too', async ({ from, offsets }) => {
    const batch = await fetchBatches([{ offsets: [0, 1, 2], lastOffset: 4 }, { offsets: [5, 6] }], from)
    expect(offsetsOf(batch)).toEqual(offsets)
    expect([batch.firstOffset(), batch.lastOffset()]).toEqual([String(offsets[0]), '6'])
  })

  it('end where the last batch ended before compaction took its last records', async () => {
    const batch = await fetchBatches([{ offsets: [0, 2], lastOffset: 7 }])
    expect(offsetsOf(batch)).toEqual([0, 2])
    expect(batch.lastOffset()).toBe('7')
  })

  it('may be none, because compaction took all from the offset on', async () => {
    const batch = await fetchBatches([{ offsets: [0, 2], lastOffset: 7 }], 5)
    expect(offsetsOf(batch)).toEqual([])
    expect([batch.isEmptyDueToFiltering(), batch.firstOffset(), batch.lastOffset()]).toEqual([true, null, '5'])
  })

  it('leave out a batch that did not fit into the response whole', async () => {
    const bytes = Buffer.concat([await encodeBatch({ offsets: [0, 1] }), await encodeBatch({ offsets: [2, 3] })])
    expect(offsetsOf(await fetchBytes(bytes.subarray(0, -10), 0))).toEqual([0, 1])
  })

  it('leave out control records, and tell of them', async () => {
    const batch = await fetchBatches([{ offsets: [0], producerId: 1, marker: 'commit' }])
    expect(offsetsOf(batch)).toEqual([])
    expect([batch.isEmpty(), batch.isEmptyControlRecord(), batch.lastOffset()]).toEqual([true, true, '0'])
  })
})

describe('records of aborted transactions', () => {
  it('are left out, transactions in the order of their first offsets, though brokers list them as they ended', async () => {
    const batches: BatchParts[] = [
      { offsets: [0, 1], producerId: 1 },
      { offsets: [2], producerId: 2 },
      { offsets: [3], producerId: 2, marker: 'abort' },
      { offsets: [4], producerId: 1 },
      { offsets: [5], producerId: 3 },
      { offsets: [6], producerId: 1, marker: 'abort' },
      { offsets: [7], producerId: 1 },
      { offsets: [8], producerId: 2 },
    ]
    const aborted = [
      [2, 2],
      [1, 0],
    ] as const
    const batch = await fetchBatches(batches, 0, aborted)
    expect(offsetsOf(batch)).toEqual([5, 7, 8])
    expect(batch.lastOffset()).toBe('8')
  })

  it('are left out of all transactions that have begun before the first record', async () => {
    const aborted = [
      [1, 0],
      [2, 1],
    ] as const
    const batches: BatchParts[] = [{ offsets: [5], producerId: 2 }, { offsets: [6], producerId: 1 }, { offsets: [7] }]
    expect(offsetsOf(await fetchBatches(batches, 5, aborted))).toEqual([7])
  })

  it('of the same producer are left out once more after its commit', async () => {
    const batches: BatchParts[] = [
      { offsets: [0], producerId: 1 },
      { offsets: [1], producerId: 1, marker: 'abort' },
      { offsets: [2], producerId: 1 },
      { offsets: [3], producerId: 1, marker: 'commit' },
      { offsets: [4], producerId: 1 },
      { offsets: [5], producerId: 1, marker: 'abort' },
    ]
    const aborted = [
      [1, 0],
      [1, 4],
    ] as const
    expect(offsetsOf(await fetchBatches(batches, 0, aborted))).toEqual([2])
  })

  it("do not end at a user's key of four zero bytes", async () => {
    const batches: BatchParts[] = [
      { offsets: [0], producerId: 1, key: markerKeys.abort },
      { offsets: [1], producerId: 1 },
    ]
    expect(offsetsOf(await fetchBatches(batches, 0, [[1, 0]]))).toEqual([])
  })

  it('are shown where they do not belong to the transaction', async () => {
    const batches: BatchParts[] = [{ offsets: [0], producerId: 1 }, { offsets: [1] }, { offsets: [2], producerId: 9 }]
    expect(offsetsOf(await fetchBatches(batches, 0, [[1, 0]]))).toEqual([1, 2])
  })
})

describe('messages of the formats before v2', () => {
  it('begin at the offset that was asked for', async () => {
    const entry = (value: string): object => ({ key: null, value, timestamp: 5, headers: {} })
    const set = MessageSet({ messageVersion: 1, entries: [entry('value 0'), entry('value 1'), entry('value 2')] })
    const bytes = Buffer.from(set.buffer)
    // KafkaJS writes the offset 0 for each of them: a broker numbers them.
    for (let at = 0, offset = 0n; at < bytes.length; offset++) {
      bytes.writeBigInt64BE(offset, at)
      at += 12 + bytes.readInt32BE(at + 8)
    }
    const batch = await fetchBytes(bytes, 1)
    expect(offsetsOf(batch)).toEqual([1, 2])
    expect([batch.firstOffset(), batch.lastOffset()]).toEqual(['1', '2'])
  })
})
