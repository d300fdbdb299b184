import { describe, expect, it } from '@jest/globals'
import { chooseZone } from '../src/choose-zone.js'
import { firstUnsent, formatPositionMetadata, isSent, parsePosition, toStreamPosition } from '../src/stream-position.js'

const seed = 7

describe('the position of a topic', () => {
  const committed = (topicId?: string) => ({
    offset: 12n,
    metadata: formatPositionMetadata({ next: 12, confirmed: 9 }, topicId),
  })

  it('is what was committed', () => {
    expect(parsePosition(committed('a'), 'a')).toEqual({ next: 12, confirmed: 9 })
    expect(parsePosition(committed(), 'a')).toEqual({ next: 12, confirmed: 9 })
    expect(parsePosition(committed('a'), undefined)).toEqual({ next: 12, confirmed: 9 })
    expect(parsePosition({ offset: 12n, metadata: '' }, 'a')).toEqual({ next: 12, confirmed: 0 })
  })

  it('is none where nothing was committed, or for another topic of that name', () => {
    expect(parsePosition({ offset: undefined, metadata: '' }, 'a')).toBeUndefined()
    expect(parsePosition(committed('a'), 'b')).toBeUndefined()
  })
})

describe('the position of a stream', () => {
  it('is the start of one that nobody has begun', () => {
    expect(toStreamPosition([undefined, undefined])).toEqual([0, 0])
    expect(firstUnsent([0, 0], seed)).toBe(0)
  })

  it('lets a topic that is new begin where the others were known to be complete', () => {
    expect(toStreamPosition([undefined, { next: 12, confirmed: 9 }])).toEqual([9, 12])
    // The first round was cut off: nothing was known yet.
    expect(toStreamPosition([undefined, { next: 6, confirmed: 0 }])).toEqual([0, 6])
  })

  it('knows of each log whether it is in its topic', () => {
    const position = [20, 30]
    for (let index = 0; index < 40; index++) {
      expect(isSent(position, seed, index)).toBe(index < (chooseZone(seed, index, 2) === 0 ? 20 : 30))
    }
    const first = firstUnsent(position, seed)
    expect(isSent(position, seed, first)).toBe(false)
    for (let index = 0; index < first; index++) expect(isSent(position, seed, index)).toBe(true)
  })
})
