import { describe, expect, it } from '@jest/globals'
import { chooseZone } from './choose-zone.js'

const choices = (seed: number, count: number, zones: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => chooseZone(seed, index, zones))

describe('chooseZone', () => {
  it('chooses the same zones for the same seed, for ever', () => {
    expect(choices(0, 20, 2).join('')).toBe('00001100011000100010')
    expect(choices(7, 20, 2).join('')).toBe('10010101011010010101')
  })

  it('chooses others for another seed', () => expect(choices(1, 64, 2)).not.toEqual(choices(2, 64, 2)))

  it.each([1, 2, 3, 7])('gives each of %i zones its share', (zones) => {
    const counts = new Map<number, number>()
    for (const zone of choices(42, 70_000, zones)) counts.set(zone, (counts.get(zone) ?? 0) + 1)
    expect(counts.size).toBe(zones)
    for (const [zone, count] of counts) {
      expect(zone).toBeLessThan(zones)
      expect(Math.abs(count / (70_000 / zones) - 1)).toBeLessThan(0.05)
    }
  })

  it('does not repeat itself after 2^32 logs', () => {
    const later = Array.from({ length: 64 }, (_, index) => chooseZone(0, 2 ** 32 + index, 2))
    expect(later).not.toEqual(choices(0, 64, 2))
  })
})
