import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Kafka, logLevel, type Admin } from 'kafkajs'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

/** What patches/README.md says of KafkaJS's admin client, on a real broker: its answers are whole. */
withSharedBroker('the admin client', {}, (site) => {
  let admin: Admin
  beforeAll(async () => {
    admin = new Kafka({ brokers: [site.kafka.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
  })
  afterAll(async () => {
    await admin.disconnect()
  })

  it('answers about a topic while it is asked about others', async () => {
    const [asked, others] = ['asked', ['other1', 'other2']]
    await site.oracle.createTopics([asked, ...others].map((name) => ({ name, partitionCount: 2 })))
    const askForOffsets = (): Promise<number | undefined> =>
      admin.fetchOffsets({ groupId: 'asking', topics: [asked] }).then(([topic]) => topic?.partitions.length)
    // The first question about any group makes the topic of the offsets, whose coordinator has to load it.
    await waitFor(askForOffsets, { what: 'the coordinator of the group' })
    let isAsking = true
    const askAboutOthers = async (): Promise<void> => {
      while (isAsking) await admin.fetchTopicMetadata({ topics: others })
    }
    const asking = askAboutOthers()
    try {
      for (let question = 0; question < 100; question++) {
        expect(await admin.fetchTopicOffsets(asked)).toHaveLength(2)
        expect(await askForOffsets()).toBe(2)
      }
    } finally {
      isAsking = false
      await asking
    }
  }, 60_000)

  it('refuses offsets of a transaction that is still open, where only stable ones are wanted', async () => {
    await site.oracle.createTopics([{ name: 'pending', partitionCount: 1 }])
    const producer = new Kafka({ brokers: [site.kafka.bootstrap], logLevel: logLevel.NOTHING }).producer({
      transactionalId: 'pending',
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    const partitions = [{ partition: 0, offset: '42' }]
    await transaction.send({ topic: 'pending', messages: [{ value: 'x' }] })
    await transaction.sendOffsets({ consumerGroupId: 'pending', topics: [{ topic: 'pending', partitions }] })
    const question = { groupId: 'pending', topics: ['pending'] }
    const stable = { ...question, requireStable: true }
    expect((await admin.fetchOffsets(question))[0]?.partitions[0]?.offset).toBe('-1')
    await expect(admin.fetchOffsets(stable)).rejects.toMatchObject({ type: 'UNSTABLE_OFFSET_COMMIT' })
    await transaction.commit()
    const isCommitted = async (): Promise<boolean> =>
      (await admin.fetchOffsets(stable))[0]?.partitions[0]?.offset === '42'
    await waitFor(isCommitted, { what: 'the offset to be committed' })
    await producer.disconnect()
  }, 60_000)
})
