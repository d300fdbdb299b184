import { gzipSync } from 'node:zlib'
import { createBatchReader, type ConsumedBatch } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { encodeBatch, markerKeys, type BatchParts } from './encode-batch.js'

const gzip = { id: 1, compress: (records: Buffer) => gzipSync(records) }

const fetchBytes = (
  messages: Buffer,
  fetchedOffset: number,
  aborted: readonly (readonly [number, number])[] = [],
): ConsumedBatch => {
  const abortedTransactions = aborted.map(([producerId, firstOffset]) => ({
    producerId: String(producerId),
    firstOffset: String(firstOffset),
  }))
  const data = { partition: 0, highWatermark: '100', abortedTransactions, messages }
  return createBatchReader()('t', String(fetchedOffset), data)
}

const fetchBatches = (
  batches: readonly BatchParts[],
  fetchedOffset = 0,
  aborted: readonly (readonly [number, number])[] = [],
): ConsumedBatch => fetchBytes(Buffer.concat(batches.map(encodeBatch)), fetchedOffset, aborted)

const offsetsOf = async (batch: ConsumedBatch): Promise<readonly number[]> => {
  const visited: string[] = []
  let nextOffset = batch.fetched.fetchedOffset
  for await (const chunk of batch.fetched.chunks()) {
    const before = visited.length
    chunk.records.forEach(({ offset, value }) => visited.push(`${offset} ${String(value)}`))
    const again = [...chunk.records].length
    expect(again).toBe(visited.length - before)
    nextOffset = chunk.nextOffset
  }
  expect(nextOffset).toBe(batch.fetched.lastOffset + 1n)
  return visited.map((text) => Number(text.split(' ')[0]))
}

describe('the records of a fetch', () => {
  it('are all there, in order, plain or compressed', async () => {
    const batch = fetchBatches([{ offsets: [0, 1, 2] }, { offsets: [3, 4], compression: gzip }, { offsets: [5] }])
    expect(await offsetsOf(batch)).toEqual([0, 1, 2, 3, 4, 5])
    expect([batch.firstOffset(), batch.lastOffset()]).toEqual(['0', '5'])
  })

  it.each([
    { from: 0, offsets: [0, 1, 2, 5, 6] },
    { from: 2, offsets: [2, 5, 6] },
    { from: 3, offsets: [5, 6] },
    { from: 5, offsets: [5, 6] },
    { from: 6, offsets: [6] },
  ])('begin at the offset that was asked for, $from, in the midst of a batch too', async ({ from, offsets }) => {
    const batch = fetchBatches([{ offsets: [0, 1, 2], lastOffset: 4 }, { offsets: [5, 6] }], from)
    expect(await offsetsOf(batch)).toEqual(offsets)
    expect([batch.firstOffset(), batch.lastOffset()]).toEqual([String(from), '6'])
  })

  it('end where the last batch ended before compaction took its last records', async () => {
    const batch = fetchBatches([{ offsets: [0, 2], lastOffset: 7 }])
    expect(await offsetsOf(batch)).toEqual([0, 2])
    expect(batch.lastOffset()).toBe('7')
  })

  it('may be none, because compaction took all from the offset on', async () => {
    const batch = fetchBatches([{ offsets: [0, 2], lastOffset: 7 }], 5)
    expect(await offsetsOf(batch)).toEqual([])
    expect([batch.isEmptyDueToFiltering(), batch.firstOffset(), batch.lastOffset()]).toEqual([true, '5', '7'])
  })

  it('may be none, because compaction has emptied their batch', async () => {
    const batch = fetchBatches([{ offsets: [], firstOffset: 5, lastOffset: 7 }], 5)
    expect([batch.isEmpty(), batch.isEmptyDueToFiltering(), batch.firstOffset(), batch.lastOffset()]).toEqual([
      true,
      true,
      '5',
      '7',
    ])
    expect(await offsetsOf(batch)).toEqual([])
  })

  it('are none, and nothing is passed over, where nothing came', () => {
    const batch = fetchBatches([], 5)
    expect([batch.isEmpty(), batch.isEmptyDueToFiltering(), batch.firstOffset()]).toEqual([true, false, null])
  })

  it('leave out a batch that did not fit into the response whole', async () => {
    const bytes = Buffer.concat([encodeBatch({ offsets: [0, 1] }), encodeBatch({ offsets: [2, 3] })])
    expect(await offsetsOf(fetchBytes(bytes.subarray(0, -10), 0))).toEqual([0, 1])
  })

  it('leave out control records, and tell of them', async () => {
    const batch = fetchBatches([{ offsets: [0], producerId: 1, marker: 'commit' }])
    expect(await offsetsOf(batch)).toEqual([])
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
    const batch = fetchBatches(batches, 0, aborted)
    expect(await offsetsOf(batch)).toEqual([5, 7, 8])
    expect(batch.lastOffset()).toBe('8')
  })

  it('are left out of all transactions that have begun before the first record', async () => {
    const aborted = [
      [1, 0],
      [2, 1],
    ] as const
    const batches: BatchParts[] = [{ offsets: [5], producerId: 2 }, { offsets: [6], producerId: 1 }, { offsets: [7] }]
    expect(await offsetsOf(fetchBatches(batches, 5, aborted))).toEqual([7])
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
    expect(await offsetsOf(fetchBatches(batches, 0, aborted))).toEqual([2])
  })

  it("do not end at a user's key of four zero bytes", async () => {
    const batches: BatchParts[] = [
      { offsets: [0], producerId: 1, key: markerKeys.abort },
      { offsets: [1], producerId: 1 },
    ]
    expect(await offsetsOf(fetchBatches(batches, 0, [[1, 0]]))).toEqual([])
  })

  it('are shown where they do not belong to the transaction', async () => {
    const batches: BatchParts[] = [{ offsets: [0], producerId: 1 }, { offsets: [1] }, { offsets: [2], producerId: 9 }]
    expect(await offsetsOf(fetchBatches(batches, 0, [[1, 0]]))).toEqual([1, 2])
  })
})
