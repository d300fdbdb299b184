import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatEpochMs, type Instant } from '../../src/time/instant.js'

/** An instant from its microseconds, computed in BigInt. */
const instantOf = (micros: bigint): Instant => {
  const microsOfMs = ((micros % 1000n) + 1000n) % 1000n
  return { epochMs: Number((micros - microsOfMs) / 1000n), microsOfMs: Number(microsOfMs) }
}

const firstMicros = -62_135_596_800_000_000n
const lastMicros = 253_402_300_799_999_999n

describe('formatEpochMs', () => {
  it.each([
    [1_707_217_879_632_242n, '1707217879632.242'],
    [1_707_217_879_632_240n, '1707217879632.24'],
    [1_707_217_879_632_200n, '1707217879632.2'],
    [1_707_217_879_632_000n, '1707217879632'],
    [1_707_217_879_632_002n, '1707217879632.002'],
    [1_707_217_879_632_020n, '1707217879632.02'],
    [1n, '0.001'],
    [0n, '0'],
    [-1n, '-0.001'],
    [-10n, '-0.01'],
    [-999n, '-0.999'],
    [-1000n, '-1'],
    [-1001n, '-1.001'],
    [-1900n, '-1.9'],
    [firstMicros, '-62135596800000'],
    [firstMicros + 1n, '-62135596799999.999'],
    [lastMicros, '253402300799999.999'],
  ])('prints %s microseconds as %s', (micros, text) => expect(formatEpochMs(instantOf(micros))).toBe(text))

  it('prints every microsecond of the years 0001 to 9999 exactly, with no more digits than it takes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: firstMicros, max: lastMicros }), (micros) => {
        const text = formatEpochMs(instantOf(micros))
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d{0,2}[1-9])?$/)
        const [whole = '', fraction = ''] = text.replace('-', '').split('.')
        const size = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0'))
        expect(text.startsWith('-') ? -size : size).toBe(micros)
      }),
      { numRuns: 2_000 },
    )
  })
})
