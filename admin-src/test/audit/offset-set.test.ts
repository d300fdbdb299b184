import { describe, expect, it } from '@jest/globals'
import { createOffsetSet } from '../../src/audit/offset-set.js'

describe('createOffsetSet', () => {
  it('tells new offsets from those that are there', () => {
    const set = createOffsetSet()
    expect(set.add(7)).toBe(true)
    expect(set.add(7)).toBe(false)
    expect(set.has(7)).toBe(true)
    expect(set.has(8)).toBe(false)
  })

  it.each([0, 31, 32, 63, 65_535, 65_536, 2 ** 32, 2 ** 52 + 1])('holds offset %d and neither neighbour', (offset) => {
    const set = createOffsetSet()
    set.add(offset)
    expect([...set.values()]).toEqual([offset])
    expect(set.has(offset + 1)).toBe(false)
    expect(set.has(offset - 1)).toBe(false)
  })

  it('gives its offsets in ascending order, whatever order they came in', () => {
    const offsets = [2 ** 40, 5, 65_536, 31, 32, 70_000, 0]
    const set = createOffsetSet()
    for (const offset of offsets) set.add(offset)
    expect([...set.values()]).toEqual(offsets.toSorted((one, other) => one - other))
  })
})
