import { createZoneOffset, formatEpochMs } from '@kafka-etl/common'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createFormatTimestamp } from './format-timestamp.js'
import { daysFromCivil, daysInMonth } from './civil-date.js'
import { normalize } from './normalize.js'

const firstMs = Date.UTC(1970, 0, 1) - 719_162 * 86_400_000
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const dayMs = 86_400_000

/** Every microsecond of the years 0001 to 9999, more often near the ends, the epoch and the present. */
const instants = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: firstMs + dayMs, max: lastMs - dayMs }),
      fc.integer({ min: Date.UTC(1880), max: Date.UTC(2040) }),
      fc.integer({ min: -5000, max: 5000 }),
    ),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([epochMs, microsOfMs]) => ({ epochMs, microsOfMs }))

describe.each(['America/New_York', 'Europe/Paris'])('a date that the producer printed in %s', (zone) => {
  const print = createFormatTimestamp(zone)
  const rules = { zone, offsetAt: createZoneOffset(zone), localTime: 'reject', zoneCheck: 'reject' } as const

  it('comes back as the instant that it was, to the microsecond', () => {
    const property = fc.property(instants, (instant) => {
      const outcome = normalize(Buffer.from(`{"date":"${print(instant)}","message":""}`), 0, rules)
      expect(outcome).toMatchObject({
        ok: true,
        value: `{"timestamp":${formatEpochMs(instant)},"message":"","time":0,"diff":1}`,
      })
    })
    fc.assert(property, { numRuns: 10_000 })
  })
})

describe('daysFromCivil', () => {
  it("counts every day of the years 1 to 9999 as the runtime's own calendar does", () => {
    let expected = firstMs / dayMs
    for (let year = 1; year <= 9999; year++) {
      for (let month = 1; month <= 12; month++) {
        if (daysFromCivil(year, month, 1) !== expected) throw new Error(`${year}-${month}: expected ${expected}`)
        expected += daysInMonth(year, month)
      }
    }
    expect(expected * dayMs - 1).toBe(lastMs)
  })
  it.each([
    [1970, 1, 1, 0],
    [1969, 12, 31, -1],
    [2000, 3, 1, 11_017],
    [1, 1, 1, -719_162],
  ])('%i-%i-%i is day %i', (year, month, day, days) => expect(daysFromCivil(year, month, day)).toBe(days))
  it('knows no month 0 or 13', () => expect([daysInMonth(2024, 0), daysInMonth(2024, 13)]).toEqual([0, 0]))
})
