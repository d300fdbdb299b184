import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { hasLongDigits } from '../../src/formats/long-digits.js'

it('finds 16 digits in a row wherever they stand', () => {
  const piece = fc.oneof(fc.stringMatching(/^[0-9]{0,18}$/), fc.constantFrom('-', '.', 'e', 'é', '𝟘', '/', ':'))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('')
      expect(hasLongDigits(Buffer.from(text))).toBe(/\d{16}/.test(text))
    }),
    { numRuns: 2_000 },
  )
})
