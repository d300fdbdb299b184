import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createUncachedZoneOffset, createZoneOffset } from '../../src/time/zone-offset.js'

const secondsAt = (iso: string): number => Date.parse(iso) / 1000

describe('createZoneOffset', () => {
  it.each([
    ['America/New_York', '2024-03-10T06:59:59Z', -18_000],
    ['America/New_York', '2024-03-10T07:00:00Z', -14_400],
    ['America/New_York', '2024-11-03T05:59:59Z', -14_400],
    ['America/New_York', '2024-11-03T06:00:00Z', -18_000],
    ['Europe/Paris', '2024-03-31T00:59:59Z', 3_600],
    ['Europe/Paris', '2024-03-31T01:00:00Z', 7_200],
    ['Europe/Paris', '2024-10-27T01:00:00Z', 3_600],
    ['America/New_York', '1883-11-18T16:59:59Z', -17_762],
    ['America/New_York', '0001-01-01T00:00:00Z', -17_762],
    ['Europe/Paris', '1911-03-10T23:50:38Z', 561],
    ['Europe/Paris', '1911-03-10T23:50:39Z', 0],
    ['Asia/Kathmandu', '2024-01-01T00:00:00Z', 20_700],
    ['UTC', '2024-01-01T00:00:00Z', 0],
    ['America/New_York', '9999-07-01T00:00:00Z', -14_400],
  ])('in %s at %s', (zone, iso, offset) => expect(createZoneOffset(zone)(secondsAt(iso))).toBe(offset))

  it.each([
    'America/New_York',
    'Europe/Paris',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'Asia/Kathmandu',
    'Pacific/Apia',
  ])('remembers nothing wrong of %s', (zone) => {
    const [cached, read] = [createZoneOffset(zone), createUncachedZoneOffset(zone)]
    const seconds = fc.oneof(
      fc.integer({ min: secondsAt('0001-01-01T00:00:00Z'), max: secondsAt('9999-12-31T23:59:59Z') }),
      fc.integer({ min: secondsAt('1850-01-01T00:00:00Z'), max: secondsAt('2040-01-01T00:00:00Z') }),
      fc.integer({ min: secondsAt('2024-03-10T06:00:00Z'), max: secondsAt('2024-03-10T08:00:00Z') }),
    )
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 5 }), (list) => {
        expect([...list, ...list].map(cached)).toEqual([...list, ...list].map(read))
      }),
      { numRuns: 2000 },
    )
  })

  it('remembers nothing wrong of a quarter of an hour in which clocks changed', () => {
    const offsetAt = createZoneOffset('Europe/Paris')
    const change = secondsAt('1911-03-10T23:50:39Z')
    for (let second = -900; second < 900; second++) expect(offsetAt(change + second)).toBe(second < 0 ? 561 : 0)
  })

  it('refuses a zone that does not exist', () => expect(() => createZoneOffset('Mars/Olympus')).toThrow(RangeError))
})
