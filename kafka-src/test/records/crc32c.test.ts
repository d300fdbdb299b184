import { describe, expect, it, jest } from '@jest/globals'

const crc32C = jest.requireActual<(bytes: Buffer | readonly Buffer[]) => number>(
  'kafkajs/src/protocol/recordBatch/crc32C',
)

/** Bit by bit, as RFC 3720 (appendix B.4) defines it. */
const slowCrc32C = (bytes: Buffer): number => {
  let crc = 0xff_ff_ff_ff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82_f6_3b_78 : crc >>> 1
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0
}

describe("the checksum of KafkaJS's record batches, patched to take eight bytes a step", () => {
  it('has the check value of CRC-32C', () => expect(crc32C(Buffer.from('123456789'))).toBe(0xe3_06_92_83))

  it('is the same for every length and remainder', () => {
    const bytes = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 167 + 255) & 0xff))
    for (let start = 0; start < 9; start++) {
      for (let end = start; end <= bytes.length; end++) {
        expect(crc32C(bytes.subarray(start, end))).toBe(slowCrc32C(bytes.subarray(start, end)))
      }
    }
  })

  it('is that of the whole where the bytes come in pieces', () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 91) & 0xff))
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32C([bytes.subarray(0, cut), bytes.subarray(cut, 60), bytes.subarray(Math.max(cut, 60))])).toBe(
        slowCrc32C(Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut, 60), bytes.subarray(Math.max(cut, 60))])),
      )
    }
  })
})
