import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Kafka as KafkaJs, logLevel } from 'kafkajs'
import type { Kafka, KafkaAdmin } from '@kafka-etl/kafka'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import type { NewRecord } from '../support/oracle-records.js'
import { createCase, newYork } from '../support/service-case.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { openKafka } from './kafka-case.js'

type Check = {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly advice?: string
}
type Lag = {
  readonly records: number
  readonly seconds: number | null
  readonly heldBack: number
  readonly partitions: readonly { readonly committed: number | null; readonly fault: string | null }[]
}

const log = '{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}'
/** The output for the log, except for the time of handling. */
const normalized = '{"timestamp":1707145312884.548,"message":"11","time":1707217879944,"diff":1}'

/** Positions of the group and what keeps it from continuing; each test has one input with one partition. */
withBroker('the admin commands on positions and on what holds them up', {}, (site) => {
  let kafka: Kafka
  let questions: KafkaAdmin
  beforeAll(async () => {
    kafka = openKafka(site.kafka.bootstrap)
    questions = await kafka.connectAdmin()
  })
  afterAll(() => questions.close())

  const admin = (name: string, commandLine: string): Promise<AdminResult> =>
    runAdmin(commandLine.split(' '), {
      bootstrap: site.kafka.bootstrap,
      environment: createCase(name, [newYork]).environment,
    })

  const createTopics = (name: string, partitionCount = 1): Promise<void> =>
    site.oracle.createTopics(['1', 'unified', 'dead'].map((topic) => ({ name: `${name}-${topic}`, partitionCount })))

  const write = async (name: string, count: number): Promise<void> => {
    await site.oracle.write(Array.from({ length: count }, () => ({ topic: `${name}-1`, partition: 0, value: log })))
  }

  const commit = async (name: string, nextOffset: bigint, metadata = ''): Promise<void> => {
    const sink = await kafka.openTransactionalSink({ transactionalId: `${name}-committer` })
    await sink.commit({
      writes: [],
      position: { groupId: `${name}-etl`, topic: `${name}-1`, partition: 0, nextOffset, metadata },
    })
    await sink.close()
    await waitFor(async () => (await readCommitted(name))?.offset === nextOffset, { what: 'the offset' })
  }

  const readCommitted = async (name: string) =>
    (await questions.readCommittedOffsets({ groupId: `${name}-etl`, topics: [`${name}-1`] }))[0]

  const readTopicId = async (name: string): Promise<string> => {
    const id = (await questions.readTopicIds([`${name}-1`])).get(`${name}-1`)
    if (id === undefined) throw new Error('Expected the broker to know the id of the topic, got none')
    return id
  }

  const output = (name: string, offset: number, topicId?: string): NewRecord => ({
    topic: `${name}-unified`,
    partition: 0,
    value: normalized,
    headers: [
      { name: 'source', value: `${name}-1/0/${offset}` },
      ...(topicId === undefined ? [] : [{ name: 'source-topic-id', value: topicId }]),
    ],
  })

  const lagOf = async (name: string): Promise<Lag> => (await admin(name, 'lag --json')).json() as Lag

  const checksOf = async (name: string, check: string): Promise<readonly Check[]> => {
    const { checks } = (await admin(name, 'doctor --json')).json() as { readonly checks: readonly Check[] }
    return checks.filter((candidate) => candidate.name === check)
  }

  it('says how many records an open transaction of somebody else holds back', async () => {
    await createTopics('held')
    await site.oracle.write([{ topic: 'held-1', partition: 0, value: log }], { transactionalId: 'held-writer' })
    await write('held', 10)
    expect(await lagOf('held')).toMatchObject({ records: 0, heldBack: 11, partitions: [{ heldBack: 11 }] })
    const { stdout } = await admin('held', 'lag')
    expect(stdout).toMatch(/^PARTITION +COMMITTED +END +LAG +SECONDS +HELD BACK$/m)
    expect(stdout).toMatch(/^held-1\/0 +- +0 +0 +0 +11$/m)
    expect(stdout).toMatch(/has read all that it may read\.\nAn open transaction holds back 11 records: .*doctor/)
    const [transactions] = await checksOf('held', 'transactions')
    expect(transactions).toMatchObject({ status: 'warn', advice: expect.stringMatching(/stop its writer first/) })
    expect(transactions?.message).toMatch(/held-1\/0 at offset 0 .*11 offsets held back.*held-writer/)
    await site.oracle.endTransaction('held-writer', 'abort')
    await waitFor(async () => (await lagOf('held')).records === 10, { what: 'the records to be free' })
    expect((await lagOf('held')).heldBack).toBe(0)
  }, 90_000)

  it('gives no age to records without a timestamp', async () => {
    await createTopics('ageless')
    const producer = new KafkaJs({ brokers: [site.kafka.bootstrap], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    await producer.send({ topic: 'ageless-1', messages: [0, 1].map(() => ({ value: log, timestamp: '-1' })) })
    await producer.disconnect()
    expect(await lagOf('ageless')).toMatchObject({ records: 2, seconds: null, partitions: [{ seconds: null }] })
    const { stdout } = await admin('ageless', 'lag')
    expect(stdout).toMatch(/^ageless-1\/0 +- +2 +2 +- +0$/m)
    expect(stdout).toMatch(/^The group ageless-etl is 2 records behind\.$/m)
    expect((await admin('ageless', 'reset --to-time 2024-02-05T10:00:00Z')).stdout).toMatch(
      /^Records without a timestamp never match a time/m,
    )
  }, 60_000)

  it('names what retention deleted before it was read, and the command that goes on', async () => {
    await createTopics('late')
    await write('late', 20)
    await commit('late', 5n)
    await site.oracle.deleteRecords('late-1', 0, 12n)
    const [position] = await checksOf('late', 'positions')
    expect(position).toMatchObject({
      status: 'fail',
      message: 'late-1/0: retention deleted 7 offsets before they were read (5 to 11)',
    })
    const command = /npm run admin -- (reset .*)$/.exec(position?.advice ?? '')?.[1] ?? ''
    expect((await admin('late', command)).code).toBe(0)
    expect((await readCommitted('late'))?.offset).toBe(12n)
    expect(await checksOf('late', 'positions')).toMatchObject([{ status: 'ok' }])
  }, 60_000)

  it('names a position past the end of the log, and the command that goes on', async () => {
    await createTopics('beyond')
    await write('beyond', 3)
    await commit('beyond', 30n)
    const [position] = await checksOf('beyond', 'positions')
    expect(position).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/committed offset 30.* ends at 3/),
    })
    expect((await lagOf('beyond')).partitions[0]?.fault).toMatch(/beyond the end/)
    const audit = await admin('beyond', 'audit')
    expect(audit.stdout).toMatch(/^✗ beyond-1\/0: the group is beyond the end/m)
    expect(audit.code).toBe(1)
    const command = /npm run admin -- (reset .*)$/.exec(position?.advice ?? '')?.[1] ?? ''
    expect((await admin('beyond', command)).code).toBe(0)
    expect((await readCommitted('beyond'))?.offset).toBe(0n)
  }, 60_000)

  it('does not count the position of a topic that was deleted and made again', async () => {
    await createTopics('anew')
    await write('anew', 8)
    await site.oracle.write(Array.from({ length: 5 }, (_, offset) => output('anew', offset)))
    await commit('anew', 5n, JSON.stringify({ v: 1, topicId: 'of-the-topic-before', format: 2 }))
    expect(await lagOf('anew')).toMatchObject({ records: 8, partitions: [{ committed: null }] })
    const [position] = await checksOf('anew', 'positions')
    expect(position).toMatchObject({ status: 'warn', message: expect.stringMatching(/belongs to the old topic/) })
    expect((await admin('anew', 'audit --json')).json()).toMatchObject({
      ok: true,
      partitions: [{ records: 8, outputs: 0, pending: 8, earlier: 5 }],
    })

    expect((await admin('anew', 'reset --to-offset 2 --execute')).code).toBe(0)
    const topicId = await readTopicId('anew')
    const committed = await readCommitted('anew')
    expect(committed?.offset).toBe(2n)
    expect(JSON.parse(committed?.metadata ?? '')).toEqual({ v: 1, topicId, marked: true, markedFrom: 2, format: 2 })

    await site.oracle.write([2, 3, 5, 6, 7].map((offset) => output('anew', offset, topicId)))
    await commit('anew', 8n, committed?.metadata)
    expect((await admin('anew', 'audit --json')).json()).toMatchObject({
      faults: ['1 lost of anew-1/0: offsets 4'],
      partitions: [{ outputs: 5, gone: 2, earlier: 5 }],
    })
    await site.oracle.write([output('anew', 4, topicId), output('anew', 1, 'of-the-topic-before')])
    expect((await admin('anew', 'audit --json')).json()).toMatchObject({
      faults: [expect.stringMatching(/^1 out of order/)],
      partitions: [{ outputs: 6, earlier: 6, duplicates: 0 }],
    })
  }, 90_000)

  it('keeps the mark and the topic when it resets again', async () => {
    await createTopics('kept')
    await write('kept', 4)
    const topicId = await readTopicId('kept')
    expect((await admin('kept', 'reset --to-offset 1 --execute')).code).toBe(0)
    expect(JSON.parse((await readCommitted('kept'))?.metadata ?? '')).toEqual({ v: 1, topicId })
    await commit('kept', 3n, JSON.stringify({ v: 1, topicId, marked: true }))
    expect((await admin('kept', 'reset --to-latest --execute')).code).toBe(0)
    expect(JSON.parse((await readCommitted('kept'))?.metadata ?? '')).toEqual({ v: 1, topicId, marked: true })
  }, 60_000)

  it('names the partitions that no member reads', async () => {
    await createTopics('unread', 2)
    await site.oracle.createTopics([{ name: 'unread-other', partitionCount: 1 }])
    const stranger = new KafkaJs({ brokers: [site.kafka.bootstrap], logLevel: logLevel.NOTHING, clientId: 'stranger' })
    const consumer = stranger.consumer({ groupId: 'unread-etl' })
    await consumer.connect()
    try {
      await consumer.subscribe({ topics: ['unread-other'] })
      await consumer.run({ eachMessage: () => Promise.resolve() })
      await waitFor(async () => (await questions.describeGroup('unread-etl')).state === 'Stable', { what: 'the group' })
      const checks = await checksOf('unread', 'group')
      expect(checks[1]).toMatchObject({
        status: 'fail',
        message: 'no member reads unread-1/0 (given to none), unread-1/1 (given to none)',
        advice: expect.stringMatching(/INPUTS/),
      })
    } finally {
      await consumer.disconnect()
    }
  }, 60_000)
})
