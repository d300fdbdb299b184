import { describe, expect, it } from '@jest/globals'
import { SettingsError } from '@kafka-etl/common'
import { filesOfResult } from '@kafka-etl/pipeline'
import { createPartitions } from '../../src/topic/partitions.js'

const result = { topic: 'topic', files: filesOfResult('results.csv') }
const start = (next: number) => createPartitions(result, new Map([[0, { next, sources: [] }]]))

describe('partitions', () => {
  it('takes batches that go on where the last one ended', () => {
    const partitions = start(5)
    expect(partitions.join(0)).toBe(5)
    expect(partitions.judge(0, { fetchedOffset: 5, firstRecord: undefined })).toEqual({ take: true })
    partitions.advance(0, { next: 8, sources: [] })
    expect(partitions.judge(0, { fetchedOffset: 8, firstRecord: undefined })).toEqual({ take: true })
    expect(partitions.nextOf(0)).toBe(8)
  })

  it('reads once more what does not go on, and then refuses it for good', () => {
    const partitions = start(5)
    partitions.join(0)
    expect(partitions.judge(0, { fetchedOffset: 7, firstRecord: undefined })).toMatchObject({ take: false, offset: 5 })
    expect(() => partitions.judge(0, { fetchedOffset: 7, firstRecord: undefined })).toThrow(SettingsError)
  })

  it('forgets a wrong batch once the right one came', () => {
    const partitions = start(5)
    partitions.join(0)
    partitions.judge(0, { fetchedOffset: 7, firstRecord: undefined })
    expect(partitions.judge(0, { fetchedOffset: 5, firstRecord: undefined })).toEqual({ take: true })
    partitions.advance(0, { next: 6, sources: [] })
    expect(partitions.judge(0, { fetchedOffset: 7, firstRecord: undefined })).toMatchObject({ take: false, offset: 6 })
  })

  it('believes in a loss only when three looks in a row see it', () => {
    const partitions = start(5)
    const shrunk = new Map([[0, { start: 0, stableEnd: 4 }]])
    const whole = new Map([[0, { start: 0, stableEnd: 5 }]])
    const look = (ranges: typeof shrunk): boolean => partitions.check(ranges, partitions.nexts())
    expect([look(shrunk), look(shrunk), look(whole), look(shrunk), look(shrunk)]).toEqual([
      false,
      false,
      true,
      false,
      false,
    ])
    expect(() => look(shrunk)).toThrow(/topic, partition 0: expected at least 5 offsets, got 4/)
  })

  it('starts new partitions where their log begins', () => {
    const partitions = start(5)
    partitions.check(new Map([[1, { start: 3, stableEnd: 9 }]]), new Map())
    expect(partitions.join(1)).toBe(3)
    expect(partitions.nextOf(1)).toBe(3)
  })

  it('moves over what holds nothing to read', () => {
    const partitions = start(5)
    partitions.join(0)
    expect(partitions.passOver(0, 5, 8)).toEqual({ take: true })
    expect(partitions.nextOf(0)).toBe(9)
  })

  it('believes in a gap before it when it sees it twice', () => {
    const partitions = start(5)
    partitions.join(0)
    expect(partitions.passOver(0, 7, 8)).toMatchObject({ take: false, offset: 5 })
    expect(partitions.nextOf(0)).toBe(5)
    expect(partitions.passOver(0, 7, 8)).toEqual({ take: true })
    expect(partitions.nextOf(0)).toBe(9)
  })
})
