import { describe, expect, it } from '@jest/globals'
import type { AccessEntry } from '@kafka-etl/kafka'
import { isAllowed } from '../../src/doctor/access.js'

const entry = (changes: Partial<AccessEntry> = {}): AccessEntry => ({
  principal: 'User:etl',
  host: '*',
  permission: 'allow',
  resource: 'topic',
  name: 'timezone1',
  pattern: 'literal',
  operation: 'Read',
  ...changes,
})

const topic = { kind: 'topic', name: 'timezone1' } as const

describe('isAllowed', () => {
  it.each([
    ['its own', [entry()], true],
    ['everybody’s', [entry({ principal: 'User:*' })], true],
    ['all operations', [entry({ operation: 'All' })], true],
    ['all topics', [entry({ name: '*' })], true],
    ['a prefix', [entry({ name: 'time', pattern: 'prefixed' })], true],
    ['another user’s', [entry({ principal: 'User:reader' })], false],
    ['another operation', [entry({ operation: 'Write' })], false],
    ['another topic', [entry({ name: 'timezone' })], false],
    ['another type', [entry({ resource: 'group' })], false],
    ['a denial besides', [entry(), entry({ permission: 'deny' })], false],
  ])('%s', (_name, given, expected) => {
    expect(isAllowed(given, 'User:etl', topic, 'Read')).toBe(expected)
  })

  it('lets those describe who may read', () => {
    expect(isAllowed([entry()], 'User:etl', topic, 'Describe')).toBe(true)
  })
})
