import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { sizeOfVarint, writeVarint } from '../../src/records/varint.js'

type Encoder = { readonly writeVarLong: (value: number) => { readonly buffer: Buffer } }
const KafkaEncoder = jest.requireActual<new () => Encoder>('kafkajs/src/protocol/encoder')

const write = (value: number): Buffer => {
  const target = Buffer.alloc(12, 0xee)
  const end = writeVarint(target, 1, value)
  expect([target[0], target[end]]).toEqual([0xee, 0xee])
  return target.subarray(1, end)
}

describe('varints', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [64, '8001'],
    [-64, '7f'],
    [-65, '8101'],
    [300, 'd804'],
  ])('writes %s as %s', (value, hex) => expect(write(value).toString('hex')).toBe(hex))

  const edges = [2 ** 30, 2 ** 31, 2 ** 32, 2 ** 35, 2 ** 42, 2 ** 49, 2 ** 51].flatMap((value) => [value - 1, value])
  const values = fc.oneof(
    fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
    fc.integer({ min: -70_000, max: 70_000 }),
    fc.constantFrom(...edges, ...edges.map((value) => -value)),
  )

  it("are KafkaJS's, and as long as they are said to be", () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = write(value)
        expect(bytes).toEqual(new KafkaEncoder().writeVarLong(value).buffer)
        expect(sizeOfVarint(value)).toBe(bytes.length)
      }),
      { numRuns: 1_000 },
    )
  })
})
