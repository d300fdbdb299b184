import { describe, expect, it } from '@jest/globals'
import { ageOfLag } from '../../src/time/lag-age.js'

const now = { monotonicMs: 100_000, epochMs: 1_000_000_000 }
const unread = { watchedSinceMs: 90_000, drainedAtMs: undefined, lastRecordAtMs: undefined }

describe('ageOfLag', () => {
  it('is the age of the record read last while catching up', () => {
    expect(ageOfLag({ ...unread, lastRecordAtMs: 999_996_500 }, now)).toBe(3.5)
  })

  it('is no more than the time since everything was read, however long nothing had come before', () => {
    expect(ageOfLag({ ...unread, lastRecordAtMs: 1_000, drainedAtMs: 98_000 }, now)).toBe(2)
    expect(ageOfLag({ ...unread, drainedAtMs: 98_000 }, now)).toBe(2)
  })

  it('is the time since it is looked at where nothing was read yet', () => {
    expect(ageOfLag(unread, now)).toBe(10)
  })

  it('is never below 0, though the clock of the record was ahead', () => {
    expect(ageOfLag({ ...unread, lastRecordAtMs: 1_000_005_000 }, now)).toBe(0)
  })
})
