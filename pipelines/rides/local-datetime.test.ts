import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatLocalDatetime, parseLocalDatetime } from './local-datetime.js'

describe('parseLocalDatetime', () => {
  it('reads what formatLocalDatetime writes', () => {
    const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 })
    fc.assert(
      fc.property(seconds, (second) => {
        expect(parseLocalDatetime(formatLocalDatetime(second * 1_000))).toBe(second * 1_000)
      }),
    )
  })

  it.each([
    '2021-02-29 00:00:00',
    '2021-13-01 00:00:00',
    '2021-00-01 00:00:00',
    '2021-01-00 00:00:00',
    '2021-01-01 24:00:00',
    '2021-01-01 00:60:00',
    '2021-01-01 00:00:60',
    '0000-01-01 00:00:00',
    '2021-01-01T00:00:00',
    '2021-1-1 0:0:0',
    '2021-01-01 00:00:00.5',
    '',
  ])('refuses %j', (text) => {
    expect(parseLocalDatetime(text)).toBeUndefined()
  })
})
