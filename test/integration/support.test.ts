import { describe, expect, it } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import { assertNothingHangs } from '../support/cluster-checks.js'
import { flavours } from '../support/jars.js'
import { withBroker } from '../support/site.js'
import { startServiceProcess } from '../support/service-process.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'

describe.each(flavours)('Kafka %s', (flavour) =>
  withBroker('the harness', { flavour, proxies: ['client'] }, (site) => {
    it('writes and reads any bytes, keys, headers and timestamps by the Java client', async () => {
      await site.oracle.createTopics([{ name: 'bytes', partitionCount: 2 }])
      const value = Buffer.from([0, 255, 10, 13, 34, 0xc3, 0x28])
      const outcomes = await site.oracle.write([
        {
          topic: 'bytes',
          partition: 1,
          timestampMs: 1_700_000_000_123,
          key: Buffer.from([0, 0, 0, 0]),
          value,
          headers: [{ name: 'h', value: null }],
        },
        { topic: 'bytes', partition: 1, value: null },
      ])
      expect(outcomes).toEqual([
        { ok: true, partition: 1, offset: 0n },
        { ok: true, partition: 1, offset: 1n },
      ])
      const [first, second] = await site.oracle.readTopic('bytes')
      expect(first).toEqual({
        topic: 'bytes',
        partition: 1,
        offset: 0n,
        timestampMs: 1_700_000_000_123,
        key: Buffer.from([0, 0, 0, 0]),
        value,
        headers: [{ name: 'h', value: null }],
      })
      expect(second).toMatchObject({ key: null, value: null, headers: [] })
    }, 30_000)

    it('sees committed records only, and names the transaction that is open', async () => {
      await site.oracle.createTopics([{ name: 'transactions', partitionCount: 1 }])
      const follower = site.oracle.follow('transactions')
      await site.oracle.write([{ topic: 'transactions', value: 'aborted' }], { transactionalId: 'a' })
      await site.oracle.endTransaction('a', 'abort')
      await site.oracle.write([{ topic: 'transactions', value: 'committed' }], { transactionalId: 'a' })
      expect(await site.oracle.openTransactions('transactions')).toMatchObject([{ partition: 0, startOffset: '2' }])
      expect(await site.oracle.offsets('transactions')).toEqual([
        { partition: 0, earliest: 0n, lastStable: 2n, highWatermark: 3n },
      ])
      expect(await site.oracle.readTopic('transactions')).toEqual([])
      expect(await site.oracle.readTopic('transactions', 'read_uncommitted')).toHaveLength(2)
      await site.oracle.endTransaction('a', 'commit')
      await assertNothingHangs(site.oracle, ['transactions'])
      const texts = (await follower.stop()).map((record) => record.value?.toString())
      expect(texts).toEqual(['committed'])
    }, 30_000)

    it('loses a Produce response once, and KafkaJS sends again what the broker has already', async () => {
      await site.oracle.createTopics([{ name: 'lost-response', partitionCount: 1 }])
      const client = new Kafka({
        brokers: [site.kafka.proxy('client').bootstrap],
        logLevel: logLevel.NOTHING,
        requestTimeout: 500,
      })
      const producer = client.producer({
        idempotent: true,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 20, retries: 20 },
      })
      await producer.connect()
      const lost = site.kafka.proxy('client').inject('dropResponse', { api: 'produce', body: 'lost-response' })
      await producer.send({ topic: 'lost-response', messages: [{ partition: 0, value: 'once' }] })
      await producer.disconnect()
      expect(lost.firedCount()).toBe(1)
      expect(site.kafka.proxy('client').requestCount('produce')).toBe(2)
      expect((await site.oracle.readTopic('lost-response')).map((record) => record.value?.toString())).toEqual(['once'])
    }, 30_000)

    it('keeps everything through a kill -9 and a restart of the broker', async () => {
      await site.oracle.createTopics([{ name: 'kept', partitionCount: 1 }])
      await site.oracle.write([{ topic: 'kept', value: 'before' }])
      await site.kafka.broker.kill9()
      await site.kafka.broker.restart()
      await site.oracle.write([{ topic: 'kept', value: 'after' }])
      expect((await site.oracle.readTopic('kept')).map((record) => record.value?.toString())).toEqual([
        'before',
        'after',
      ])
    }, 60_000)

    it('has a second opinion on event times', async () => {
      const dates = [
        '2024-02-05 10:01:52.884548 -0500',
        '0001-01-01 00:00:00.000000 +0000',
        '2024-02-30 00:00:00.000000 +0000',
        'x',
      ]
      expect(await site.oracle.eventTimes(dates)).toEqual([
        '1707145312884.548',
        '-62135596800000',
        undefined,
        undefined,
      ])
    })
  }),
)

describe('a service process', () => {
  it('tells its exit code and its last lines', async () => {
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: '127.0.0.1:1',
      environment: { ETL_GRUOP_ID: 'x' },
    })
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    expect(etl.lines.map((line) => line.msg).join('\n')).toContain('ETL_GROUP_ID')
    await expect(etl.waitForLine(/no such line/)).rejects.toThrow(/ETL_GRUOP_ID/)
  })

  it('is started again by its supervisor, and stops when asked to', async () => {
    const etl = await superviseService({ service: 'etl', bootstrap: '127.0.0.1:1' })
    await etl.current().waitForLine(/starting/)
    const first = etl.current().pid
    await etl.kill9()
    await waitFor(() => etl.current().pid !== first, { what: 'a second run' })
    await etl.current().waitForLine(/waiting for Kafka/)
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(etl.exits).toEqual([
      { code: null, signal: 'SIGKILL' },
      { code: 0, signal: null },
    ])
  }, 30_000)
})
