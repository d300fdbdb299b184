import { describe, expect, it } from '@jest/globals'
import { formatCommittedMetadata, parseCommittedMetadata } from '../../src/admin/committed-metadata.js'

const topicId = 'vKz2pR8kT1uX3y4Zq5w6Aw'

describe('parseCommittedMetadata', () => {
  it.each([
    ['{"v":1,"topicId":"a"}', { topicId: 'a', isMarked: false, others: {} }],
    ['{"v":1,"topicId":"a","marked":true}', { topicId: 'a', isMarked: true, others: {} }],
    ['{"v":2,"topicId":"a","schema":{"id":7}}', { topicId: 'a', isMarked: false, others: { schema: { id: 7 } } }],
    ['{"v":1,"topicId":7,"marked":"yes"}', { topicId: undefined, isMarked: false, others: {} }],
    ['{"__proto__":1}', { topicId: undefined, isMarked: false, others: { ['__proto__']: 1 } }],
  ])('reads %s', (text, expected) => expect(parseCommittedMetadata(text)).toEqual(expected))

  it.each(['', 'set by hand', '[1]', 'null', '7', '{"v":1'])('takes %j for nothing', (text) =>
    expect(parseCommittedMetadata(text)).toEqual({ topicId: undefined, isMarked: false, others: {} }),
  )
})

describe('formatCommittedMetadata', () => {
  it('writes what it reads, keys that it does not know included', () => {
    const text = `{"v":1,"topicId":"${topicId}","marked":true,"pipeline":"noaa","schema":7}`
    expect(formatCommittedMetadata(parseCommittedMetadata(text))).toBe(text)
  })

  it('leaves out what is not known', () =>
    expect(formatCommittedMetadata({ topicId: undefined, isMarked: false, others: {} })).toBe('{"v":1}'))

  it('refuses what no broker takes', () => {
    const others = { note: 'é'.repeat(2_048) }
    expect(() => formatCommittedMetadata({ topicId, isMarked: false, others })).toThrow(
      /at most 4096 bytes .* got \d+$/,
    )
  })
})
