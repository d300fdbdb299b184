import { describe, expect, it } from '@jest/globals'
import { rotatePartitions, shufflePartitions } from '../../src/records/in-turns.js'

const topics = [
  { topic: 'a', partitions: [0, 1, 2] },
  { topic: 'b', partitions: [0, 1] },
]
const all = ['a0', 'a1', 'a2', 'b0', 'b1']
const namesOf = (turned: typeof topics): readonly string[] =>
  turned.flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}${partition}`))

describe('the partitions of a fetch', () => {
  it('come first in their turns, each of them, and none is left out', () => {
    const first = new Set<string | undefined>()
    for (let turn = 0; turn < 6; turn++) {
      const names = namesOf(rotatePartitions(topics, turn))
      first.add(names[0])
      expect([...names].sort()).toEqual(all)
    }
    expect([...first].sort()).toEqual(all)
    expect(rotatePartitions([], 3)).toEqual([])
  })

  it('come first by chance, each of them', () => {
    const first = new Set<string | undefined>()
    for (let fetch = 0; fetch < 1_000; fetch++) first.add(namesOf(shufflePartitions(topics))[0])
    expect([...first].sort()).toEqual(all)
  })
})
