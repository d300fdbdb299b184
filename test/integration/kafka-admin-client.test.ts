import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { explainKafkaError as explain, type Kafka as Port, type KafkaAdmin } from '@kafka-etl/kafka'
import { SettingsError } from '@kafka-etl/common'
import { Kafka, logLevel } from 'kafkajs'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { openKafka, openReader } from './kafka-case.js'

/** What services and commands may rely on: the admin functions of kafka-src, on a real broker. */
withBroker('the admin client of the port', {}, (site) => {
  let kafka: Port
  let admin: KafkaAdmin
  beforeAll(async () => {
    kafka = openKafka(site.kafka.bootstrap)
    admin = await kafka.connectAdmin()
  })
  afterAll(() => admin.close())

  it('makes, grows, describes and deletes topics', async () => {
    expect(
      await admin.createTopics([{ topic: 'made', partitions: 2, settings: { 'max.message.bytes': '2000' } }]),
    ).toBe(true)
    expect(await admin.createTopics([{ topic: 'made', partitions: 2 }])).toBe(false)
    expect(await admin.readPartitionCounts(['made', 'none'])).toEqual(new Map([['made', 2]]))
    await admin.growTopic('made', 3)
    await waitFor(async () => (await admin.readPartitionCounts(['made'])).get('made') === 3, {
      what: 'three partitions',
    })
    const [described] = await admin.describeTopics(['made', 'none'])
    expect(described?.topic).toBe('made')
    expect(described?.partitions.map(({ leaderId }) => leaderId)).toEqual([0, 0, 0].map(() => expect.any(Number)))
    const settings = await admin.readTopicSettings(['made'], ['max.message.bytes'])
    expect(settings).toEqual(new Map([['made', new Map([['max.message.bytes', '2000']])]]))
    await admin.deleteTopics(['made'])
    await waitFor(async () => !(await admin.listTopics()).includes('made'), { what: 'the topic to be gone' })
  }, 60_000)

  it('knows a topic by its id: one that is made again is another one', async () => {
    await site.oracle.createTopics([{ name: 'identity', partitionCount: 1 }])
    const idOf = async (): Promise<string | undefined> =>
      (await admin.readTopicIds(['identity', 'none'])).get('identity')
    const first = await idOf()
    expect(first).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(await idOf()).toBe(first)
    await site.oracle.deleteTopic('identity')
    await waitFor(async () => (await idOf()) === undefined, { what: 'the topic to be gone' })
    // A broker with ZooKeeper deletes it in the background.
    await waitFor(async () => (await site.oracle.createTopics([{ name: 'identity', partitionCount: 1 }]), true), {
      what: 'the topic to be made again',
    })
    const second = await waitFor(idOf, { what: 'the topic to be there again' })
    expect(second).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(second).not.toBe(first)
  }, 60_000)

  it('asks for a topic without making it', async () => {
    await expect(admin.readLogRanges(['absent'])).rejects.toThrow(/^expected the topic absent, found none/)
    expect(await admin.describeTopics(['absent'])).toEqual([])
    expect(await admin.readPartitionCounts(['absent'])).toEqual(new Map())
    expect(await admin.listTopics()).not.toContain('absent')
  })

  it('says what the broker knows', async () => {
    const versions = await admin.readApiVersions()
    expect(versions.find(({ apiKey }) => apiKey === 3)?.maxVersion).toBeGreaterThanOrEqual(12)
  })

  it.each([
    ['a name that Kafka does not take', { topic: 'a/b', partitions: 1 }, /a\/b: the name/],
    [
      'settings that Kafka does not take',
      { topic: 'set', partitions: 1, settings: { 'no.such': '1' } },
      /set: .* settings/,
    ],
  ])('says which topic was refused, and why: %s', async (_what, topic, sentence) => {
    const explained = await admin.createTopics([topic]).catch(explain)
    expect(explained).toBeInstanceOf(SettingsError)
    expect((explained as SettingsError).message).toMatch(sentence)
  })

  it('gives the start, the end and the stable end of each partition', async () => {
    await site.oracle.createTopics([{ name: 'ranges', partitionCount: 2 }])
    await site.oracle.write(['a', 'b', 'c'].map((value) => ({ topic: 'ranges', partition: 0, value })))
    await site.oracle.deleteRecords('ranges', 0, 1n)
    await site.oracle.write([{ topic: 'ranges', partition: 1, value: 'open' }], { transactionalId: 'ranges' })
    const expected = (await site.oracle.offsets('ranges')).map(
      ({ partition, earliest, lastStable, highWatermark }) => ({
        topic: 'ranges',
        partition,
        start: earliest,
        end: highWatermark,
        stableEnd: lastStable,
      }),
    )
    expect(await admin.readLogRanges(['ranges'])).toEqual(expected)
    expect(expected[0]).toMatchObject({ start: 1n, end: 3n, stableEnd: 3n })
    expect(expected[1]).toMatchObject({ start: 0n, end: 1n, stableEnd: 0n })
    await site.oracle.endTransaction('ranges', 'abort')
    await expect(admin.readLogRanges(['ranges', 'none'])).rejects.toThrow(/^expected the topic none, found none/)
  }, 60_000)

  it('finds the first record from a time on', async () => {
    await site.oracle.createTopics([{ name: 'times', partitionCount: 1 }])
    await site.oracle.write(
      [1_000, 2_000, 3_000].map((timestampMs) => ({ topic: 'times', partition: 0, value: 'x', timestampMs })),
    )
    const at = async (epochMs: number) => (await admin.readOffsetsAtTime('times', epochMs))[0]?.offset
    expect([await at(0), await at(1_500), await at(4_000)]).toEqual([0n, 1n, 3n])
  }, 60_000)

  it('describes a group: members, what they want and what they have', async () => {
    await site.oracle.createTopics([{ name: 'wanted', partitionCount: 2 }])
    expect(await admin.describeGroup('described')).toMatchObject({ state: 'Dead', members: [] })
    const { source } = await openReader(kafka, { groupId: 'described', topics: ['wanted'] })
    const described = await admin.describeGroup('described')
    expect(described).toMatchObject({ state: 'Stable', protocolType: 'consumer', protocol: 'RoundRobinAssigner' })
    expect(described.members).toEqual([
      {
        memberId: expect.stringMatching(/^contract-/),
        clientId: 'contract',
        host: '127.0.0.1',
        assignment: { wanted: [0, 1] },
        subscribedTopics: ['wanted'],
      },
    ])
    await source.close()
    await admin.deleteGroups(['described'])
  }, 60_000)

  it('commits and reads the offsets of a group', async () => {
    await site.oracle.createTopics([{ name: 'offsets', partitionCount: 2 }])
    await admin.commitOffsets('offsets', 'offsets', new Map([[1, 5n]]))
    expect(await admin.readCommittedOffsets({ groupId: 'offsets', topics: ['offsets'] })).toEqual([
      { topic: 'offsets', partition: 0, offset: undefined, metadata: '' },
      { topic: 'offsets', partition: 1, offset: 5n, metadata: expect.any(String) },
    ])
    await expect(admin.readCommittedOffsets({ groupId: 'offsets', topics: ['none'] })).rejects.toThrow()
  }, 60_000)

  it('refuses offsets of a transaction that is still open, if only stable ones are wanted', async () => {
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
    expect((await admin.readCommittedOffsets(question))[0]?.offset).toBeUndefined()
    await expect(admin.readCommittedOffsets(stable)).rejects.toMatchObject({ type: 'UNSTABLE_OFFSET_COMMIT' })
    await transaction.commit()
    const isCommitted = async (): Promise<boolean> => (await admin.readCommittedOffsets(stable))[0]?.offset === 42n
    await waitFor(isCommitted, { what: 'the offset to be committed' })
    await producer.disconnect()
  }, 60_000)

  it('reads stretches of partitions to their ends, and leaves no group behind', async () => {
    await site.oracle.createTopics([{ name: 'stretch', partitionCount: 2 }])
    await site.oracle.write(['a', 'b', 'c', 'd'].map((value) => ({ topic: 'stretch', partition: 0, value })))
    const seen: string[] = []
    const read = await kafka.readRanges({
      groupPrefix: 'stretch',
      isolation: 'read_committed',
      ranges: [
        { topic: 'stretch', partition: 0, from: 1n, to: 3n },
        { topic: 'stretch', partition: 1, from: 0n, to: 0n },
      ],
      stallMs: 10_000,
      onRecord: (_range, { offsetNumber, value }) => void seen.push(`${offsetNumber}: ${String(value)}`),
    })
    expect(read).toEqual({ ok: true })
    expect(seen).toEqual(['1: b', '2: c'])
    const beyond = { topic: 'stretch', partition: 0, from: 0n, to: 100n }
    const cut = await kafka.readRanges({
      groupPrefix: 'stretch',
      isolation: 'read_committed',
      ranges: [beyond],
      stallMs: 1_000,
      onRecord: () => undefined,
    })
    expect(cut).toEqual({ ok: false, unread: [beyond] })
  }, 60_000)
})
