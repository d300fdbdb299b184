import { describe, expect, it } from '@jest/globals'
import { medianOf, ratioOf, spreadOf } from '../src/statistics.js'

describe('medianOf', () => {
  it('is the middle value, whatever the order', () => expect(medianOf([9, 1, 5])).toBe(5))
  it('is the mean of the middle two of an even number', () => expect(medianOf([4, 1, 2, 9])).toBe(3))
  it('is NaN of nothing', () => expect(medianOf([])).toBeNaN())
})

describe('ratioOf', () => {
  it('compares round by round', () => {
    expect(ratioOf([200, 100, 300], [100, 100, 100])).toEqual({ median: 2, lowest: 1, highest: 3 })
  })
  it('leaves out rounds that only one of them has', () => {
    expect(ratioOf([200, 100], [100])).toEqual(spreadOf([2]))
  })
})
