import { describe, expect, it } from '@jest/globals'
import { listUnreadPartitions, type GroupMember } from '../../src/admin/groups.js'

const memberOf = (assignment: GroupMember['assignment'], subscribedTopics: readonly string[]): GroupMember => ({
  memberId: 'm',
  clientId: 'etl-1',
  host: '127.0.0.1',
  assignment,
  subscribedTopics,
})

const list = (members: readonly GroupMember[], counts: Readonly<Record<string, number>>): readonly string[] =>
  listUnreadPartitions(
    { state: 'Stable', protocolType: 'consumer', protocol: 'RoundRobinAssigner', members },
    new Map(Object.entries(counts)),
  ).map(({ topic, partition }) => `${topic}/${partition}`)

describe('listUnreadPartitions', () => {
  it('finds nothing if each partition has its reader', () =>
    expect(list([memberOf({ a: [0] }, ['a', 'b']), memberOf({ a: [1], b: [0] }, ['a', 'b'])], { a: 2, b: 1 })).toEqual(
      [],
    ))

  it('finds what was given to nobody, and what was given to a member that does not want it', () =>
    expect(list([memberOf({ a: [0], c: [0] }, ['a']), memberOf({ c: [1] }, ['c'])], { a: 2, b: 1, c: 2 })).toEqual([
      'a/1',
      'b/0',
      'c/0',
    ]))

  it('finds everything in a group without members', () => expect(list([], { a: 2 })).toEqual(['a/0', 'a/1']))
})
