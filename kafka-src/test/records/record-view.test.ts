import { encodeHeaders, readHeaders, type RecordView } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { encodeBatch, type BatchParts } from './encode-batch.js'
import { readAllRecords } from './read-all-records.js'

const visit = (bytes: Buffer, see: (record: RecordView) => void): void => readAllRecords(bytes).forEach(see)
const batchOf = (parts: Partial<BatchParts>): Buffer => encodeBatch({ offsets: [0], ...parts })

describe('a record', () => {
  it.each([
    [-(2n ** 63n), -Number.MAX_SAFE_INTEGER],
    [2n ** 63n - 1n, Number.MAX_SAFE_INTEGER],
    [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
    [-1n, -1],
    [0n, 0],
  ])('has the timestamp %s, exact, and as a number within what is exact', (timestamp, timestampMs) => {
    const bytes = batchOf({})
    bytes.writeBigInt64BE(timestamp, 27)
    visit(bytes, (record) => expect([record.timestamp, record.timestampMs]).toEqual([timestamp, timestampMs]))
  })

  it('has a million headers in linear time, duplicates and order kept', () => {
    const headers = Array.from({ length: 1_000_000 }, (_, index) => ({ key: '', value: Buffer.from([index & 0xff]) }))
    const startedMs = performance.now()
    visit(batchOf({ headers }), (record) => {
      expect(readHeaders(record)).toHaveLength(headers.length)
      expect(record.headers['']).toHaveLength(headers.length)
      expect(record.header('x')).toBeUndefined()
    })
    expect(performance.now() - startedMs).toBeLessThan(20_000)
  }, 60_000)

  it('keeps headers of one name, and one called __proto__', () => {
    const headers = [
      { key: 'a', value: Buffer.from('1') },
      { key: '__proto__', value: null },
      { key: 'a', value: Buffer.from('2') },
    ]
    visit(batchOf({ headers }), (record) => {
      expect(readHeaders(record)).toEqual(headers)
      expect(Object.keys(record.headers)).toEqual(['a', '__proto__'])
      expect(record.header('a')).toEqual(Buffer.from('1'))
      expect(record.header('__proto__')).toBeNull()
      expect(encodeHeaders(headers)).toEqual(record.buffer.subarray(record.headersStart, record.headersEnd))
    })
  })

  it('tells who wrote it in a transaction', () => {
    visit(batchOf({ producerId: 7 }), ({ writer }) => expect(writer).toEqual({ producerId: 7n, producerEpoch: 0 }))
    visit(batchOf({}), ({ writer }) => expect(writer).toBeUndefined())
  })
})
