import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Kafka, logLevel, type Admin } from 'kafkajs'
import { startKafka, type TestKafka } from '../support/kafka.js'
import { startOracle, type Oracle } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'

/** What patches/README.md says of KafkaJS's admin client, on a real broker: its answers are whole. */
describe('the admin client', () => {
  let kafka: TestKafka
  let oracle: Oracle
  let admin: Admin
  beforeAll(async () => {
    kafka = await startKafka()
    oracle = await startOracle(kafka.bootstrap)
    admin = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
  }, 180_000)
  afterAll(async () => {
    await admin.disconnect()
    await oracle.stop()
    await kafka.stop()
  }, 60_000)

  it('answers about a topic while it is asked about others', async () => {
    const [asked, others] = ['asked', ['other1', 'other2']]
    await oracle.createTopics([asked, ...others].map((name) => ({ name, partitionCount: 2 })))
    const groupId = 'asking'
    // The first question about any group makes the topic of the offsets, whose coordinator has to load it.
    await waitFor(() => admin.fetchOffsets({ groupId, topics: [asked] }), { what: 'the coordinator' })
    let isAsking = true
    const askAboutOthers = async (): Promise<void> => {
      while (isAsking) await admin.fetchTopicMetadata({ topics: others })
    }
    const asking = askAboutOthers()
    for (let question = 0; question < 100; question++) {
      expect(await admin.fetchTopicOffsets(asked)).toHaveLength(2)
      const [topic] = await admin.fetchOffsets({ groupId, topics: [asked] })
      expect(topic?.partitions).toHaveLength(2)
    }
    isAsking = false
    await asking
  }, 60_000)
})
