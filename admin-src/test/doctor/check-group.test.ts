import { describe, expect, it } from '@jest/globals'
import type { GroupDescription, GroupMember } from '@kafka-etl/kafka'
import { judgeGroup } from '../../src/doctor/check-group.js'

const counts = new Map([
  ['timezone1', 2],
  ['timezone2', 1],
])

const memberOf = (clientId: string, changes: Partial<GroupMember> = {}): GroupMember => ({
  memberId: `${clientId}-1`,
  clientId,
  host: '127.0.0.1',
  subscribedTopics: ['timezone1', 'timezone2'],
  assignment: { timezone1: [0, 1], timezone2: [0] },
  ...changes,
})

const groupOf = (members: readonly GroupMember[], changes: Partial<GroupDescription> = {}): GroupDescription => ({
  state: 'Stable',
  protocolType: 'consumer',
  protocol: 'RoundRobinAssigner',
  members,
  ...changes,
})

describe('judgeGroup', () => {
  it('is content if each partition is given to a member that reads it', () => {
    const members = [
      memberOf('a', { assignment: { timezone1: [0], timezone2: [0] } }),
      memberOf('b', { assignment: { timezone1: [1] } }),
    ]
    expect(judgeGroup('etl', groupOf(members), counts).map(({ status }) => status)).toEqual(['ok'])
  })

  it('names the partitions that are given to nobody', () => {
    const members = [memberOf('a', { assignment: { timezone1: [0] } })]
    expect(judgeGroup('etl', groupOf(members), counts)).toMatchObject([
      { status: 'ok' },
      { status: 'fail', message: 'no member reads timezone1/1 (given to none), timezone2/0 (given to none)' },
    ])
  })

  it('names those that are given to a member which has not subscribed to them', () => {
    const members = [memberOf('a', { subscribedTopics: ['timezone1'] })]
    expect(judgeGroup('etl', groupOf(members), counts)[1]).toMatchObject({
      status: 'fail',
      message: 'no member reads timezone2/0 (given to a, which has not subscribed to it)',
      advice: expect.stringMatching(/INPUTS/),
    })
  })

  it.each([
    ['members of another kind', { protocolType: 'connect', protocol: 'sessioned' }, /members of kind connect/],
    ['consumers of another protocol', { protocol: 'range' }, /consumers that share partitions by range/],
  ])('fails on %s', (_name, changes, message) => {
    expect(judgeGroup('etl', groupOf([memberOf('c\u001b[2J')], changes), counts)).toEqual([
      {
        name: 'group',
        status: 'fail',
        message: expect.stringMatching(message),
        advice: expect.stringMatching(/ETL_GROUP_ID/),
      },
    ])
  })

  it('lets no control character of a member’s name through', () => {
    const [check] = judgeGroup('etl', groupOf([memberOf('c\u001b[2J')]), counts)
    expect(check?.message).toContain('c\\u001b[2J')
  })
})
