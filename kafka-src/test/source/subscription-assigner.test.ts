import { describe, expect, it } from '@jest/globals'
import { assignPartitions } from '../../src/source/subscription-assigner.js'

const assign = (
  subscriptions: Readonly<Record<string, readonly string[]>>,
  counts: Readonly<Record<string, number>>,
): Record<string, readonly string[]> => {
  const assigned = assignPartitions(new Map(Object.entries(subscriptions)), new Map(Object.entries(counts)))
  return Object.fromEntries(
    [...assigned].map(([memberId, partitions]) => [
      memberId,
      partitions.map(({ topic, partition }) => `${topic}/${partition}`),
    ]),
  )
}

describe('assignPartitions', () => {
  it('shares the partitions of all topics among members that read all of them', () => {
    expect(assign({ m2: ['a', 'b'], m1: ['a', 'b'] }, { b: 2, a: 3 })).toEqual({
      m1: ['a/0', 'a/2', 'b/1'],
      m2: ['a/1', 'b/0'],
    })
  })

  it('gives a topic to its subscribers alone, whoever leads', () => {
    expect(assign({ old: ['a', 'b'], new: ['a', 'b', 'c'] }, { a: 1, b: 1, c: 2 })).toEqual({
      new: ['a/0', 'c/0', 'c/1'],
      old: ['b/0'],
    })
  })

  it('gives to nobody what nobody reads, and nothing to whom there is nothing for', () => {
    expect(assign({ m1: ['a'], m2: ['a'] }, { a: 1, b: 1 })).toEqual({ m1: ['a/0'], m2: [] })
  })

  it('is fair over many partitions', () => {
    const assigned = assign({ m1: ['a', 'b'], m2: ['a'], m3: ['b'] }, { a: 6, b: 6 })
    expect(Object.values(assigned).map((partitions) => partitions.length)).toEqual([5, 3, 4])
  })
})
