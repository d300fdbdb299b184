import { describe, expect, it } from '@jest/globals'
import { formatDate } from '../src/format-date.js'

describe('a record timestamp', () => {
  it.each([
    [1_707_145_312_884, '2024-02-05T15:01:52.884Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    [-2, '1969-12-31T23:59:59.998Z'],
    [-1, '-'],
    [undefined, '-'],
    [Number.NaN, '-'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991 ms'],
    [-Number.MAX_SAFE_INTEGER, '-9007199254740991 ms'],
  ])('of %s is shown as %s', (epochMs, shown) => {
    expect(formatDate(epochMs)).toBe(shown)
  })
})
