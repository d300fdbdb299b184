import { describe, expect, it } from '@jest/globals'
import { describeRefusal } from '../../src/source/foreign-members.js'

describe('describeRefusal', () => {
  const member = { memberId: 'm', assignment: {}, subscribedTopics: [] }

  it('names the group, its members and what to do', () =>
    expect(
      describeRefusal('etl', {
        state: 'Stable',
        protocolType: 'consumer',
        protocol: 'range',
        members: [{ ...member, clientId: 'console-consumer', host: '10.0.0.7' }],
      }),
    ).toBe(
      'the consumer group etl has consumers of another kind: console-consumer (10.0.0.7), which share partitions by range; stop them, or give this service a group of its own',
    ))

  it('says so too if Kafka does not tell who they are', () =>
    expect(describeRefusal('etl', undefined)).toMatch(
      /^the consumer group etl has consumers of another kind: a member; /,
    ))
})
