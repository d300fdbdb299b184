import { beforeAll, beforeEach, expect, it } from '@jest/globals'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import type { FaultProxy } from '../support/fault-proxy.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const topic = 'verbs'
const requestTimeoutMs = 1_000

withSharedBroker('the fault proxy', { proxies: ['client'] }, (site) => {
  let proxy: FaultProxy
  beforeAll(async () => {
    await site.oracle.createTopics([{ name: topic, partitionCount: 1 }])
    proxy = site.kafka.proxy('client')
  }, 60_000)
  beforeEach(() => proxy.restore())

  const connectProducer = async (retries: number, transactionalId?: string): Promise<Producer> => {
    const client = new Kafka({
      brokers: [proxy.bootstrap],
      logLevel: logLevel.NOTHING,
      requestTimeout: requestTimeoutMs,
    })
    const retry = { initialRetryTime: 20, maxRetryTime: 100, retries }
    const transactional = transactionalId === undefined ? {} : { transactionalId }
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1, retry, ...transactional })
    await producer.connect()
    return producer
  }
  const send = (producer: Pick<Producer, 'send'>, value: string): Promise<unknown> =>
    producer.send({ topic, messages: [{ partition: 0, value }] })
  const written = async (value: string): Promise<number> =>
    (await site.oracle.readTopic(topic)).filter((record) => record.value?.toString() === value).length

  it('breaks the connection off instead of a response, which the broker has sent', async () => {
    const producer = await connectProducer(50)
    const rule = proxy.inject('resetResponse', { api: 'produce' })
    await send(producer, 'reset')
    await producer.disconnect()
    expect([rule.firedCount(), await written('reset')]).toEqual([1, 1])
  }, 30_000)

  it('holds a response until its release', async () => {
    const producer = await connectProducer(1)
    const rule = proxy.inject('holdResponse', { api: 'produce' })
    const sending = send(producer, 'held')
    await rule.fired
    expect(await written('held')).toBe(1)
    rule.release()
    await sending
    await producer.disconnect()
  }, 30_000)

  it('delivers a held request after its client has gone', async () => {
    const producer = await connectProducer(1, 'late')
    const transaction = await producer.transaction()
    await send(transaction, 'late')
    const rule = proxy.inject('holdRequest', { api: 'endTxn' })
    await expect(transaction.commit()).rejects.toThrow()
    await producer.disconnect()
    expect([rule.firedCount(), await written('late')]).toEqual([1, 0])
    expect(await site.oracle.openTransactions(topic)).toHaveLength(1)
    rule.release()
    await waitFor(async () => (await written('late')) === 1, { what: 'the late EndTxn to commit' })
  }, 30_000)

  it('drops a request, which never reaches the broker', async () => {
    const producer = await connectProducer(1)
    proxy.inject('dropRequest', { api: 'produce', count: 2 })
    await expect(send(producer, 'dropped')).rejects.toThrow()
    await producer.disconnect()
    expect(await written('dropped')).toBe(0)
  }, 30_000)

  it('lets nothing through a blackhole, and what was sent meanwhile after it', async () => {
    const producer = await connectProducer(1)
    proxy.blackhole('toBroker')
    await expect(send(producer, 'swallowed')).rejects.toThrow()
    await producer.disconnect()
    expect(await written('swallowed')).toBe(0)
    proxy.restore()
    await waitFor(async () => (await written('swallowed')) === 1, { what: 'the delayed request to arrive' })
  }, 30_000)

  it('refuses connections while it is cut, and delays what passes', async () => {
    const producer = await connectProducer(1_000)
    proxy.cut()
    expect(proxy.connectionCount()).toBe(0)
    const sending = send(producer, 'cut')
    proxy.restore()
    await sending
    proxy.delay(150)
    const startMs = performance.now()
    await send(producer, 'delayed')
    expect(performance.now() - startMs).toBeGreaterThan(290)
    await producer.disconnect()
    expect([await written('cut'), await written('delayed')]).toEqual([1, 1])
  }, 30_000)
})
