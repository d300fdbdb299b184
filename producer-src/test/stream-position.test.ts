import { describe, expect, it } from '@jest/globals'
import { chooseZone } from '../../pipelines/timestamps/choose-zone.js'
import {
  firstUnsent,
  formatPositionMetadata,
  isSent,
  parsePosition,
  positionGroupOf,
  toStreamPosition,
} from '../src/stream-position.js'

const stream = { topicAt: (index: number) => chooseZone(7, index, 2) }

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

  it('is in a group of its pipeline, seed and file', () => {
    expect(positionGroupOf('timestamps', 0, '')).toBe('producer-timestamps-0')
    expect(positionGroupOf('orders', 3, 'abc')).toBe('producer-orders-3-abc')
  })
})

describe('the position of a stream', () => {
  it('is the start of one that nobody has begun', () => {
    expect(toStreamPosition([undefined, undefined])).toEqual([0, 0])
    expect(firstUnsent([undefined, undefined], stream)).toBe(0)
  })

  it('lets a topic that is new begin where the others were known to be complete', () => {
    expect(toStreamPosition([undefined, { next: 12, confirmed: 9 }])).toEqual([9, 12])
    // The first round was interrupted: nothing is confirmed yet.
    expect(toStreamPosition([undefined, { next: 6, confirmed: 0 }])).toEqual([0, 6])
  })

  it('knows of each record whether it is in its topic', () => {
    const committed = [
      { next: 20, confirmed: 10 },
      { next: 30, confirmed: 20 },
    ]
    const position = toStreamPosition(committed)
    for (let index = 0; index < 40; index++) {
      expect(isSent(position, stream, index)).toBe(index < (stream.topicAt(index) === 0 ? 20 : 30))
    }
    const first = firstUnsent(committed, stream)
    expect(isSent(position, stream, first)).toBe(false)
    for (let index = 0; index < first; index++) expect(isSent(position, stream, index)).toBe(true)
  })
})
