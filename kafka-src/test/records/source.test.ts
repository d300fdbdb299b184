import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatSource, parseSource } from '../../src/records/source.js'

describe('source', () => {
  it('is topic/partition/offset', () => {
    expect(formatSource({ topic: 'timezone1', partition: 0, offset: 4711n })).toBe('timezone1/0/4711')
  })

  it('has a number where an input makes further records of one topic', () => {
    expect(formatSource({ topic: 't', partition: 0, offset: 4711n, index: 0 })).toBe('t/0/4711')
    expect(formatSource({ topic: 't', partition: 0, offset: 4711n, index: 2 })).toBe('t/0/4711/2')
    expect(parseSource('t/0/4711/2')).toEqual({ topic: 't', partition: 0, offset: 4711n, index: 2 })
  })

  it('comes back as it was written', () => {
    const topic = fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/)
    const partition = fc.nat({ max: 2 ** 31 - 1 })
    const offset = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(topic, partition, offset, (...[topicName, partitionNumber, offsetNumber]) => {
        const source = { topic: topicName, partition: partitionNumber, offset: offsetNumber }
        expect(parseSource(formatSource(source))).toEqual(source)
      }),
    )
  })

  it.each([
    '',
    'a',
    'a/0',
    'a/0/',
    '/0/1',
    'a/b/0/1',
    'a/-1/0',
    'a/0/-1',
    'a/0/1 ',
    'a/0/1\n',
    'a/0x1/2',
    'é/0/1',
    'a/0/1/0',
    'a/0/1/',
    'a/0/1/01',
    'a/0/1/-1',
  ])('is not %j', (text) => expect(parseSource(text)).toBeUndefined())
})
