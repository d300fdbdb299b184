import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const mebibyte = 1_048_576
const largest = 100_000_000

const options = {
  // With ZooKeeper, this many topics take ten minutes.
  flavour: '4.1' as const,
  heapMb: 1_500,
  settings: { 'message.max.bytes': '104857600', 'socket.request.max.bytes': '209715200' },
}

withBroker('the console beside a broker with too much of everything', options, (site) => {
  let service: ServiceProcess
  const memory = async (): Promise<number> =>
    ((await service.metric('process_resident_memory_bytes')) ?? Infinity) / mebibyte
  const get = async (path: string): Promise<unknown> => (await fetch(`${service.httpUrl}${path}`)).json()

  beforeAll(async () => {
    service = await startServiceProcess({
      service: 'console',
      bootstrap: site.kafka.bootstrap,
      environment: { CONSOLE_SERVICES: '' },
    })
    await service.waitForHttp('/ready', 200)
  }, 60_000)
  afterAll(async () => {
    expect((await service.terminate()).code).toBe(0)
  })

  it('takes less than 2 % of a core and 120 MiB while nobody looks', async () => {
    const cpu = async (): Promise<number> => (await service.metric('process_cpu_seconds_total')) ?? 0
    await sleep(10_000)
    const before = await cpu()
    const startedMs = performance.now()
    await sleep(30_000)
    const share = ((await cpu()) - before) / ((performance.now() - startedMs) / 1_000)
    process.stdout.write(`idle: ${(100 * share).toFixed(2)} % of a core, ${Math.round(await memory())} MiB\n`)
    expect(share).toBeLessThan(0.02)
    expect(await memory()).toBeLessThan(120)
  }, 60_000)

  it('starts in less than a second', async () => {
    const startedMs = performance.now()
    const other = await startServiceProcess({
      service: 'console',
      bootstrap: site.kafka.bootstrap,
      environment: { CONSOLE_SERVICES: '' },
    })
    await other.waitForHttp('/live', 200)
    const tookMs = Math.round(performance.now() - startedMs)
    process.stdout.write(`a start of the console took ${tookMs} ms\n`)
    expect(tookMs).toBeLessThan(1_000)
    await other.terminate()
  }, 60_000)

  it('serves 50 pages at once', async () => {
    await site.oracle.createTopics([{ name: 'flood', partitionCount: 1 }])
    const ending = new AbortController()
    const bytes = Array.from({ length: 50 }, () => 0)
    const pages = bytes.map(async (_, index) => {
      const { body } = await fetch(`${service.httpUrl}/api/events?topic=flood`, { signal: ending.signal })
      for await (const chunk of body ?? []) bytes[index] = (bytes[index] ?? 0) + (chunk as Uint8Array).length
    })
    const value = 'x'.repeat(2_000)
    await waitFor(
      async () => {
        await site.oracle.write(Array.from({ length: 500 }, () => ({ topic: 'flood', partition: 0, value })))
        return Math.min(...bytes) > mebibyte
      },
      { what: 'a mebibyte on each page', deadlineMs: 120_000, everyMs: 200 },
    )
    process.stdout.write(`50 pages: ${Math.round(await memory())} MiB\n`)
    expect(await memory()).toBeLessThan(200)
    ending.abort()
    await Promise.allSettled(pages)
  }, 180_000)

  it('shows the beginning of records of 100 MB', async () => {
    const kafka = new Kafka({ brokers: [site.kafka.bootstrap], logLevel: logLevel.NOTHING, requestTimeout: 120_000 })
    await site.oracle.createTopics([
      { name: 'large', partitionCount: 1, settings: { 'max.message.bytes': '104857600' } },
    ])
    const producer = kafka.producer()
    await producer.connect()
    const value = Buffer.alloc(largest, 'x')
    for (const compression of [CompressionTypes.None, CompressionTypes.GZIP])
      await producer.send({ topic: 'large', compression, messages: [{ value }] })
    await producer.disconnect()
    for (const offset of [0, 1]) {
      const answer = await get(`/api/trace?topic=large&partition=0&offset=${offset}`)
      expect(answer).toMatchObject({ origin: [{ value: { bytes: largest, isCut: true } }] })
    }
    expect(await get('/api/records?topic=large')).toMatchObject({ records: [{ offset: '1' }] })
    expect(await memory()).toBeLessThan(400)
  }, 300_000)

  it('lists a hundred of 10,000 topics, and shows one with 1,000 partitions', async () => {
    await site.oracle.createTopics([{ name: 'wide', partitionCount: 1_000 }])
    for (let first = 0; first < 10_000; first += 500) {
      const names = Array.from({ length: 500 }, (_, index) => `many-${first + index}`)
      await site.oracle.createTopics(names.map((name) => ({ name, partitionCount: 1 })))
    }
    await site.oracle.write(
      Array.from({ length: 1_000 }, (_, partition) => ({ topic: 'wide', partition, value: String(partition) })),
    )
    const list = (await get('/api/topics?filter=many-')) as { total: number; topics: unknown[] }
    expect([list.total, list.topics.length]).toEqual([10_000, 100])
    const wide = (await get('/api/topic?topic=wide')) as { partitionCount: number; partitions: unknown[] }
    expect([wide.partitionCount, wide.partitions.length]).toEqual([1_000, 100])
    const page = (await get('/api/records?topic=wide')) as { records: unknown[]; partitionsLeftOut: number }
    expect([page.records.length, page.partitionsLeftOut]).toEqual([64, 936])
    expect(await memory()).toBeLessThan(400)
    await service.waitForHttp('/ready', 200)
  }, 900_000)
})
