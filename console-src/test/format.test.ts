import { describe, expect, it } from '@jest/globals'
import { formatBytes, formatCount, formatDuration, formatRate, formatTime, plural } from '../page/format.js'

describe('numbers for people', () => {
  it.each([
    [formatCount(0), '0'],
    [formatCount(999_999), '999,999'],
    [formatCount(1_234_567), '1.23 M'],
    [formatRate(0.01), '0/s'],
    [formatRate(1.04), '1/s'],
    [formatRate(20_000.4), '20,000/s'],
    [formatBytes(512), '512 B'],
    [formatBytes(1_536), '1.5 KiB'],
    [formatBytes(3 * 1024 ** 3), '3.0 GiB'],
    [formatDuration(12), '12 ms'],
    [formatDuration(1_250), '1.3 s'],
    [formatDuration(90_000), '1.5 min'],
    [formatDuration(5_400_000), '1.5 h'],
    [formatDuration(3 * 86_400_000), '3 d'],
    [plural(1, 'record'), '1 record'],
    [plural(1_200, 'record'), '1,200 records'],
    [formatTime(-1), '-'],
    [formatTime(Number.NaN), '-'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected)
  })

  it('are local times to the millisecond', () => {
    expect(formatTime(new Date(2026, 0, 31, 4, 5, 6, 7).getTime())).toBe('2026-01-31 04:05:06.007')
  })
})
