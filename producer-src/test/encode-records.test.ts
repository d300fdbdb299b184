import { describe, expect, it } from '@jest/globals'
import { partitionOfKey } from '@kafka-etl/pipeline'
import { decodeRuns } from '../../etl-src/test/decode-run.js'
import { createEncodeRecords } from '../src/encode-records.js'
import type { StreamRecord } from '../src/stream/stream.js'

const instant = { epochMs: 1_707_145_312_884, microsOfMs: 548 }
const target = { topic: 'timezone1', partitions: 1 }

const encoderOf = (recordAt: (index: number) => Partial<StreamRecord>, partitions = 1) =>
  createEncodeRecords(
    {
      recordAt: (index, { epochMs }) => ({
        key: null,
        value: null,
        headers: [],
        timestampMs: epochMs,
        ...recordAt(index),
      }),
    },
    { ...target, partitions },
    () => instant,
  )

const log = (index: number): string => `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${index}"}`

describe('the records of a stream', () => {
  it('hold the value and its moment', () => {
    const [write, ...others] = encoderOf((index) => ({ value: log(index) }))([11])
    expect(others).toEqual([])
    expect(write).toMatchObject({ topic: 'timezone1', partition: 0 })
    const [record] = decodeRuns(write ? [write.records] : [])
    expect(record?.key).toBeNull()
    expect(record?.value?.toString()).toBe('{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}')
    expect(record?.timestampMs).toBe(instant.epochMs)
    expect(record?.headers).toEqual({})
  })

  it('keep their order, in batches that each stay below the limit of 1 MB', () => {
    const indexes = Array.from({ length: 20_000 }, (_, index) => Number.MAX_SAFE_INTEGER - 20_000 + index)
    const writes = encoderOf((index) => ({ value: log(index) }))(indexes)
    expect(writes.length).toBeGreaterThan(1)
    for (const { records } of writes) expect(records.buffer.length).toBeLessThan(1_000_000)
    const messages = decodeRuns(writes.map(({ records }) => records)).map(
      ({ value }) => (JSON.parse(value?.toString() ?? '') as { message: string }).message,
    )
    expect(messages).toEqual(indexes.map(String))
  })

  it('go to the partition of their key, or in turns', () => {
    const keyed = encoderOf((index) => ({ key: Buffer.from(`key ${index}`), value: 'é' }), 4)([1, 2, 3, 4, 5])
    for (const { partition, records } of keyed) {
      for (const { key, value } of decodeRuns([records])) {
        expect(partitionOfKey(key ?? Buffer.alloc(0), 4)).toBe(partition)
        expect(value?.toString()).toBe('é')
      }
    }
    expect(encoderOf(() => ({ value: 'x' }), 2)([0, 1, 2]).map(({ partition }) => partition)).toEqual([0, 1])
  })

  it('may be tombstones, bytes, or texts of any length, with headers', () => {
    const long = 'ü'.repeat(100_000)
    const values = [null, Buffer.of(0xff), long]
    const headers = [['kind', Buffer.from('test')]] as const
    const writes = encoderOf((index) => ({ value: values[index] ?? null, headers }))([0, 1, 2])
    const records = decodeRuns(writes.map((write) => write.records))
    expect(records.map(({ value }) => value?.toString('hex'))).toEqual([
      undefined,
      'ff',
      Buffer.from(long).toString('hex'),
    ])
    expect(records[0]?.headers).toEqual({ kind: Buffer.from('test') })
  })
})
