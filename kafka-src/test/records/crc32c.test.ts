import { describe, expect, it } from '@jest/globals'
import { crc32c } from '../../src/records/crc32c.js'

/** Computes the checksum bit by bit, as RFC 3720 (appendix B.4) defines it. */
const slowCrc32C = (bytes: Buffer): number => {
  let crc = 0xff_ff_ff_ff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82_f6_3b_78 : crc >>> 1
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0
}

describe('the checksum of record batches', () => {
  it('has the check value of CRC-32C', () => expect(crc32c(Buffer.from('123456789'))).toBe(0xe3_06_92_83))

  it('is the same for every length and remainder', () => {
    const bytes = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 167 + 255) & 0xff))
    for (let start = 0; start < 9; start++) {
      for (let end = start; end <= bytes.length; end++) {
        expect(crc32c(bytes.subarray(start, end))).toBe(slowCrc32C(bytes.subarray(start, end)))
      }
    }
  })

  it('is that of the whole where the bytes come in pieces', () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 91) & 0xff))
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(slowCrc32C(bytes))
    }
  })
})
