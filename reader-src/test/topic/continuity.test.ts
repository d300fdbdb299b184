import { describe, expect, it } from '@jest/globals'
import { checksum, type LastRecord, type PartitionPosition } from '../../src/file/file-positions.js'
import { expectAfterJoin, findBreak, findLoss } from '../../src/topic/continuity.js'

const value = Buffer.from('value')
const last = { offset: 9, crc32: checksum(value) }
const sources: PartitionPosition['sources'] = []
const recordAt = (offset: number, bytes = value): LastRecord => ({ offset, crc32: checksum(bytes) })

describe('expectAfterJoin', () => {
  it.each([
    ['a new partition from its beginning', undefined, 0, { kind: 'offset', offset: 0 }],
    ['a new partition from where its log begins', undefined, 5, { kind: 'offset', offset: 5 }],
    ['a known partition from its last record', { next: 12, last, sources }, 0, { kind: 'record', offset: 9, last }],
    ['a partition that had control records alone', { next: 2, sources }, 0, { kind: 'offset', offset: 2 }],
    ['a partition whose last record is gone', { next: 12, last, sources }, 10, { kind: 'offset', offset: 12 }],
  ])('reads %s', (_name, position, low, expected) => {
    expect(expectAfterJoin(position, low)).toEqual(expected)
  })
})

describe('findBreak', () => {
  it.each([
    ['the right offset', { kind: 'offset', offset: 7 } as const, 7, recordAt(8)],
    ['the same record', { kind: 'record', offset: 9, last } as const, 9, recordAt(9)],
    ['nothing within the offsets', { kind: 'offset', offset: 7 } as const, 7, undefined],
  ])('takes %s', (_name, expectation, fetchedOffset, firstRecord) => {
    expect(findBreak(expectation, { fetchedOffset, firstRecord })).toBeUndefined()
  })

  it.each([
    ['a jump ahead', { kind: 'offset', offset: 7 } as const, 8, recordAt(8), 'expected offset 7, got 8'],
    ['a jump back', { kind: 'offset', offset: 7 } as const, 0, recordAt(0), 'expected offset 7, got 0'],
    [
      'another record',
      { kind: 'record', offset: 9, last } as const,
      9,
      recordAt(9, Buffer.from('x')),
      /got another one$/,
    ],
    ['no record', { kind: 'record', offset: 9, last } as const, 9, undefined, /got another one$/],
    ['a record further on', { kind: 'record', offset: 9, last } as const, 9, recordAt(10), /got another one$/],
  ])('finds %s', (_name, expectation, fetchedOffset, firstRecord, sentence) => {
    expect(findBreak(expectation, { fetchedOffset, firstRecord })).toMatch(sentence)
  })
})

describe('findLoss', () => {
  it.each([
    [0, { start: 0, stableEnd: 0 }],
    [0, { start: 5, stableEnd: 9 }],
    [5, { start: 0, stableEnd: 5 }],
    [5, { start: 5, stableEnd: 9 }],
  ])('finds none at %d in %j', (next, range) => {
    expect(findLoss(next, range)).toBeUndefined()
  })

  it.each([
    [5, { start: 6, stableEnd: 9 }, /^expected offset 5 to be there, got a log that starts at 6/],
    [5, { start: 0, stableEnd: 4 }, /^expected at least 5 offsets, got 4/],
  ])('finds one at %d in %j', (next, range, sentence) => {
    expect(findLoss(next, range)).toMatch(sentence)
  })
})
