import { describe, expect, it } from '@jest/globals'
import { RecordView } from '../../kafka-src/src/records/record-view.js'
import { bytesOf, splitRecords } from '../src/split-records.js'

/** Records of these sizes at every second offset from 10 on: compaction has removed those between them. */
const recordsOf = (...sizes: readonly number[]): readonly RecordView[] =>
  sizes.map((valueLength, index) => {
    const record = new RecordView()
    record.offsetNumber = 10 + 2 * index
    record.valueLength = valueLength
    return record
  })

const split = (sizes: readonly number[], maxBytes: () => number): readonly unknown[] =>
  [...splitRecords(recordsOf(...sizes), 99n, maxBytes)].map(({ records, nextOffset }) => {
    const offsets: number[] = []
    records.forEach(({ offsetNumber }) => void offsets.push(offsetNumber))
    return [offsets, nextOffset]
  })

describe('the records of a chunk', () => {
  it('are one part without a bound, and are not looked at', () => {
    const records = recordsOf(5, 5)
    expect([...splitRecords(records, 99n, () => Number.POSITIVE_INFINITY)]).toEqual([{ records, nextOffset: 99n }])
  })

  it('are split where the next record would be too much, each part up to the next record', () => {
    expect(split([4, 4, 4, -1, 4], () => 8)).toEqual([
      [[10, 12], 14n],
      [[14, 16, 18], 99n],
    ])
  })

  it('that are larger than the bound are parts of their own', () => {
    expect(split([1, 100, 1], () => 8)).toEqual([
      [[10], 12n],
      [[12], 14n],
      [[14], 99n],
    ])
  })

  it('are split by the bound as it is when a part begins', () => {
    const bounds = [1, 2, 100]
    expect(split([1, 1, 1, 1, 1], () => bounds.shift() ?? 0)).toEqual([
      [[10], 12n],
      [[12, 14], 16n],
      [[16, 18], 99n],
    ])
  })

  it('may be none at all', () => {
    expect(split([], () => 8)).toEqual([[[], 99n]])
    expect(bytesOf(recordsOf(5, -1, 2))).toBe(7)
  })
})
