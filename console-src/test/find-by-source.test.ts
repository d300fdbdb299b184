import { describe, expect, it } from '@jest/globals'
import { findBySource, type FindNext } from '../src/records/find-by-source.js'

/** A partition whose record at `at` derives from the input at `sourceOffset`; offsets in between are markers. */
const partitionOf = (records: readonly (readonly [at: bigint, sourceOffset: bigint])[]) => {
  let asked = 0
  const findNext: FindNext = (from) => {
    asked++
    const found = records.find(([at]) => at >= from)
    return Promise.resolve(found && { at: found[0], sourceOffset: found[1] })
  }
  return { findNext, asked: () => asked }
}

describe('findBySource', () => {
  const records = Array.from({ length: 10_000 }, (_, index) => [BigInt(2 * index), BigInt(3 * index)] as const)
  const range = { from: 0n, to: 20_000n }

  it.each([0n, 3n, 15_000n, 29_997n])('finds what was made of input %s', async (wanted) => {
    const { findNext, asked } = partitionOf(records)
    expect(await findBySource(findNext, range, wanted)).toBe((wanted / 3n) * 2n)
    expect(asked()).toBeLessThan(20)
  })

  it.each([1n, 14_999n, 30_000n])('finds nothing of input %s, which made nothing', async (wanted) => {
    expect(await findBySource(partitionOf(records).findNext, range, wanted)).toBeUndefined()
  })

  it('finds the first of several', async () => {
    const several = partitionOf([
      [0n, 1n],
      [1n, 7n],
      [2n, 7n],
      [3n, 7n],
      [4n, 9n],
    ])
    expect(await findBySource(several.findNext, { from: 0n, to: 5n }, 7n)).toBe(1n)
  })

  it('finds nothing in an empty partition', async () => {
    expect(await findBySource(partitionOf([]).findNext, { from: 0n, to: 0n }, 7n)).toBeUndefined()
  })
})
