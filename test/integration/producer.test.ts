import { expect, it } from '@jest/globals'
import type { TopicRecord } from '../support/oracle-records.js'
import { expectLogsOnce, logNumberOf, readStream } from '../support/producer-stream.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { outlastSilence } from '../support/silence.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

type Topics = readonly [string, string]
type Run = { readonly topics: Topics; readonly environment: Readonly<Record<string, string>> }

withBroker('the producer on a real broker', { proxies: ['producer'] }, (site) => {
  const start = ({ topics, environment }: Run, bootstrap = site.kafka.bootstrap): Promise<ServiceProcess> =>
    startServiceProcess({
      service: 'producer',
      bootstrap,
      environment: { ...createCase(topics[0].slice(0, -'-1'.length)).environment, ...environment },
    })

  const read = (topics: Topics): Promise<TopicRecord[]> => readStream(site.oracle, topics)
  const expectWholeStream = (topics: Topics, count: number): Promise<void> => expectLogsOnce(site.oracle, topics, count)

  it('sends a hundred logs at the rate it is told, each to the topic of its zone, and is done', async () => {
    const topics = ['paced-1', 'paced-2'] as const
    const startedMs = Date.now()
    const producer = await start({ topics, environment: { PRODUCER_RATE: '50' } })
    await producer.waitForHttp('/ready', 200)
    expect(await producer.exit).toEqual({ code: 0, signal: null })
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(1_980)
    await expectWholeStream(topics, 100)
    for (const { topic, value, key, timestampMs } of await read(topics)) {
      const { date } = JSON.parse(value?.toString() ?? '') as { readonly date: string }
      expect(key).toBeNull()
      expect(date).toMatch(topic === 'paced-1' ? /^\S{10} \S{8}\.\d{6} -0[45]00$/ : /^\S{10} \S{8}\.\d{6} \+0[12]00$/)
      const [eventTime] = await site.oracle.eventTimes([date])
      expect(Math.floor(Number(eventTime))).toBe(timestampMs)
      expect(timestampMs).toBeGreaterThanOrEqual(startedMs)
    }
    expect(producer.lines.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^sent 100 logs in [\d.]+ s/))
  }, 60_000)

  it('has nothing to do when all its logs are there, and goes on counting when more are wanted', async () => {
    const topics = ['resumed-1', 'resumed-2'] as const
    const environment = { PRODUCER_RATE: '0', PRODUCER_COUNT: '1000' }
    expect((await (await start({ topics, environment })).exit).code).toBe(0)
    const again = await start({ topics, environment })
    expect((await again.exit).code).toBe(0)
    await again.waitForLine(/^1000 of 1000 logs are in the topics already: nothing to send/)
    await expectWholeStream(topics, 1000)
    const more = await start({ topics, environment: { ...environment, PRODUCER_COUNT: '1500' } })
    expect((await more.exit).code).toBe(0)
    await expectWholeStream(topics, 1500)
    const groups = await listGroups()
    expect(groups.filter((group) => group.startsWith('producer-'))).toEqual(['producer-timestamps-0'])
  }, 60_000)

  const listGroups = async (): Promise<readonly string[]> => {
    const { Kafka, logLevel } = await import('kafkajs')
    const admin = new Kafka({ brokers: [site.kafka.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const { groups } = await admin.listGroups()
    await admin.disconnect()
    return groups.map(({ groupId }) => groupId)
  }

  it('goes on exactly where it stood after each kill -9, over a growing topic and among records of others', async () => {
    const topics = ['killed-1', 'killed-2'] as const
    const environment = { PRODUCER_RATE: '0', PRODUCER_COUNT: '120000' }
    await site.oracle.createTopics([{ name: topics[0], partitionCount: 2 }])
    const sentAtLeast = async (count: number): Promise<boolean> => {
      const ends = await Promise.all(topics.map((topic) => site.oracle.offsets(topic)))
      return ends.flat().reduce((sum, { highWatermark }) => sum + Number(highWatermark), 0) >= count
    }
    for (const count of [10_000, 30_000, 50_000, 70_000]) {
      const producer = await start({ topics, environment })
      await waitFor(() => sentAtLeast(count), { what: `${count} logs`, everyMs: 5 })
      await producer.kill9()
      if (count === 30_000) await site.oracle.growTopic(topics[1], 3)
    }
    const foreign = Array.from({ length: 12_000 }, () => ({
      topic: topics[0],
      partition: 0,
      value: '{"message":"-1"}',
    }))
    await site.oracle.write(foreign, { transactionalId: 'somebody' })
    await site.oracle.endTransaction('somebody', 'abort')
    expect((await (await start({ topics, environment })).exit).code).toBe(0)
    const own = (await read(topics)).filter((record) => logNumberOf(record) >= 0)
    expect(own.map(logNumberOf).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 120_000 }, (_, index) => index),
    )
  }, 180_000)

  it('has each log in its topic once although answers of the broker are lost', async () => {
    const topics = ['unanswered-1', 'unanswered-2'] as const
    const proxy = site.kafka.proxy('producer')
    proxy.inject('resetResponse', { api: 'produce', nth: 2, count: 3 })
    proxy.inject('resetRequest', { api: 'produce', nth: 9, count: 2 })
    const environment = { PRODUCER_RATE: '0', PRODUCER_COUNT: '120000' }
    const producer = await start({ topics, environment }, proxy.bootstrap)
    expect((await producer.exit).code).toBe(0)
    await expectWholeStream(topics, 120_000)
    expect(proxy.requestCount('produce')).toBeGreaterThan(14)
  }, 60_000)

  // Longer than KafkaJS's retries of 9 s.
  it('outlives a broker that is killed and comes back 12 s later, without a restart of its own', async () => {
    const topics = ['outage-1', 'outage-2'] as const
    const environment = { PRODUCER_RATE: '200', PRODUCER_COUNT: '4000' }
    const producer = await start({ topics, environment })
    await producer.waitForLine(/^sent logs/)
    await site.kafka.broker.kill9()
    await outlastSilence(site.kafka.bootstrap, 12)
    await site.kafka.broker.restart()
    expect((await producer.exit).code).toBe(0)
    await expectWholeStream(topics, 4000)
  }, 120_000)
})
