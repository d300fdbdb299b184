import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Kafka, logLevel, type Admin } from 'kafkajs'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

/** What patches/README.md says of KafkaJS's admin client, on a real broker: its responses are complete. */
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
    // The first request about any group creates the offsets topic, whose coordinator has to load it.
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
})
