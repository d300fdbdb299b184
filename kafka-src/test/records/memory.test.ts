import { describe, expect, it } from '@jest/globals'
import { createRunMemory } from '../../src/records/memory.js'

describe('createRunMemory', () => {
  it.each([
    { bytes: 1, size: 8_192 },
    { bytes: 8_192, size: 8_192 },
    { bytes: 8_193, size: 16_384 },
    { bytes: 1_048_527, size: 1_048_576 },
  ])('lends a piece of $size bytes for $bytes', ({ bytes, size }) => {
    expect(createRunMemory().take(bytes)).toHaveLength(size)
  })

  it('lends no piece twice at a time, and lends it again when it has come back', () => {
    const memory = createRunMemory()
    const [one, other] = [memory.take(10_000), memory.take(10_000)]
    expect(one).not.toBe(other)
    memory.giveBack(one)
    expect(memory.take(100_000)).not.toBe(one)
    expect(memory.take(12_000)).toBe(one)
    expect(memory.take(12_000)).not.toBe(one)
  })

  it('keeps no more than it is to keep', () => {
    const memory = createRunMemory(3 * 8_192)
    const pieces = Array.from({ length: 4 }, () => memory.take(1))
    for (const piece of pieces) memory.giveBack(piece)
    const lent = Array.from({ length: 4 }, () => memory.take(1))
    expect(new Set(lent.filter((piece) => pieces.includes(piece))).size).toBe(3)
    expect(lent.some((piece) => piece === pieces[3])).toBe(false)
  })
})
