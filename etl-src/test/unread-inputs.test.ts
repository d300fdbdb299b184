import { SettingsError } from '@kafka-etl/common'
import type { GroupDescription, GroupMember } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { explainUnread } from '../src/unread-inputs.js'

const input = {
  topic: 't',
  partition: 1,
  committed: 5n,
  start: 0n,
  stableEnd: 9n,
  end: 9n,
  waitingMs: 61_000,
}
const member = (clientId: string, partitions: readonly number[]): GroupMember => ({
  memberId: clientId,
  clientId,
  host: '127.0.0.1',
  subscribedTopics: ['t'],
  assignment: { t: partitions },
})
const group = (members: readonly GroupMember[], state = 'Stable'): GroupDescription => ({
  state,
  protocolType: 'consumer',
  protocol: 'RoundRobinAssigner',
  members,
})

describe('explainUnread', () => {
  it('waits for a group that rebalances, and for another instance', () => {
    expect(explainUnread(input, 'g', group([], 'PreparingRebalance'))).toMatch(
      /^t\/1 has lag.* 5 .*61 s: .* g rebalances/,
    )
    expect(explainUnread(input, 'g', group([member('etl-a', [0]), member('etl-b', [1])]))).toMatch(
      /etl-b \(127.0.0.1\)/,
    )
  })

  it('is for a restart if no member reads it', () => {
    const explain = () => explainUnread(input, 'g', group([member('etl-a', [0])]))
    expect(explain).toThrow(/no member of the group g reads it/)
    expect(explain).not.toThrow(SettingsError)
  })

  it('is for a person if a member is no ETL', () => {
    const explain = () => explainUnread(input, 'g', group([member('etl-a', [0]), member('grafana', [1])]))
    expect(explain).toThrow(SettingsError)
    expect(explain).toThrow(/group g has members that are not ETLs: grafana \(127.0.0.1\).*ETL_GROUP_ID/)
  })
})
