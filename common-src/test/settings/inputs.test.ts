import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { outputPartition, outputPartitionCount } from '../../src/settings/inputs.js'

describe('output partitions', () => {
  it('are p*n + i', () => {
    expect(outputPartition(2, 0, 0)).toBe(0)
    expect(outputPartition(2, 1, 0)).toBe(1)
    expect(outputPartition(2, 0, 3)).toBe(6)
    expect(outputPartition(3, 2, 4)).toBe(14)
  })

  it('are as many as the highest of them needs', () => {
    expect(outputPartitionCount([1, 1])).toBe(2)
    expect(outputPartitionCount([3, 1])).toBe(5)
    expect(outputPartitionCount([1, 3])).toBe(6)
    expect(outputPartitionCount([7])).toBe(7)
  })

  it('are never shared, and never beyond the count', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (counts) => {
        const all = counts.flatMap((count, index) =>
          Array.from({ length: count }, (_, partition) => outputPartition(counts.length, index, partition)),
        )
        expect(new Set(all).size).toBe(all.length)
        expect(Math.max(...all)).toBe(outputPartitionCount(counts) - 1)
      }),
    )
  })
})
