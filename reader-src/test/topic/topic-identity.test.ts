import { describe, expect, it } from '@jest/globals'
import { SettingsError } from '@kafka-etl/common'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import { filesOfResult } from '@kafka-etl/pipeline'
import { identifyTopic } from '../../src/topic/topic-identity.js'

const result = { topic: 'topic', files: filesOfResult('results.csv') }

/** A broker that gives the topic this id; undefined: it does not know the topic at the moment. */
const brokerOf = (id: { now: string | undefined }) => {
  const readTopicIds: KafkaAdmin['readTopicIds'] = () =>
    Promise.resolve(new Map(id.now === undefined ? [] : [['topic', id.now]]))
  return { readTopicIds } as KafkaAdmin
}

describe('a topic by its id', () => {
  it('is the same, or not to be told, or another one', async () => {
    const id: { now: string | undefined } = { now: 'one' }
    const { topicId, confirm } = await identifyTopic(brokerOf(id), result, undefined)
    expect([topicId, await confirm()]).toEqual(['one', true])
    id.now = undefined
    expect(await confirm()).toBe(false)
    id.now = 'other'
    await expect(confirm()).rejects.toThrow(SettingsError)
  })

  it('is that of the file, whatever there is now', async () => {
    const { confirm } = await identifyTopic(brokerOf({ now: 'other' }), result, 'one')
    await expect(confirm()).rejects.toThrow(/whose id is one, got another one of that name, whose id is other/)
  })

  it('is believed by a broker that gives no ids', async () => {
    const { topicId, confirm } = await identifyTopic(brokerOf({ now: undefined }), result, undefined)
    expect([topicId, await confirm()]).toEqual([undefined, true])
  })
})
