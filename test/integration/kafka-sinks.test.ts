import { expect, it } from '@jest/globals'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import { createSystemClock } from '../../common-src/src/time/clock.js'
import { createLogger } from '../../common-src/src/log/logger.js'
import { createMemoryStream } from '../../common-src/test/memory-stream.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { encodeWrite, openKafka } from './kafka-case.js'

/** What services may rely on: the sinks of kafka-src, on a real broker. */
withBroker('a sink', { proxies: ['services'] }, (site) => {
  const valuesOf = async (topic: string): Promise<readonly string[]> =>
    (await site.oracle.readTopic(topic)).map(({ partition, value }) => `${partition}: ${String(value)}`).sort()

  const withAdmin = async <T>(ask: (admin: KafkaAdmin) => Promise<T>): Promise<T> => {
    const admin = await openKafka(site.kafka.bootstrap).connectAdmin()
    return ask(admin).finally(() => admin.close())
  }

  const committed = async (groupId: string, topic: string) =>
    withAdmin((admin) =>
      waitFor(() => admin.readCommittedOffsets({ groupId, topics: [topic], requireStable: true }), {
        what: 'stable offsets',
      }),
    )

  it('commits records, offset and metadata at once, again and again', async () => {
    await site.oracle.createTopics(['in', 'out', 'dead'].map((name) => ({ name, partitionCount: 2 })))
    const crashPoints: string[] = []
    const sink = await openKafka(site.kafka.bootstrap).openTransactionalSink({
      transactionalId: 'group/in/1',
      crashPoint: (name) => void crashPoints.push(name),
    })
    expect(crashPoints).toEqual(['afterInit'])
    const position = { groupId: 'group', topic: 'in', partition: 1 }
    await sink.commit({
      writes: [encodeWrite('out', 1, ['a', 'b']), encodeWrite('out', 1, ['c']), encodeWrite('dead', 1, ['bad'])],
      position: { ...position, nextOffset: 4n, metadata: '{"v":1}' },
    })
    expect(crashPoints.slice(-2)).toEqual(['beforeCommit', 'afterCommit'])
    expect(crashPoints.slice(1, -2).sort()).toEqual(['afterSend', 'afterSendOffsets'])
    expect(await valuesOf('out')).toEqual(['1: a', '1: b', '1: c'])
    expect(await valuesOf('dead')).toEqual(['1: bad'])
    expect(await committed('group', 'in')).toEqual([
      { topic: 'in', partition: 0, offset: undefined, metadata: '' },
      { topic: 'in', partition: 1, offset: 4n, metadata: '{"v":1}' },
    ])
    await sink.commit({ writes: [], position: { ...position, nextOffset: 2n } })
    await sink.commit({ writes: [encodeWrite('out', 0, ['no group'])] })
    expect(await committed('group', 'in')).toContainEqual({ topic: 'in', partition: 1, offset: 2n, metadata: '' })
    expect(await valuesOf('out')).toContain('0: no group')
    await sink.close()
  }, 60_000)

  it('fences every earlier sink with the same id, and settles what that left open', async () => {
    await site.oracle.createTopics([{ name: 'fenced', partitionCount: 1 }])
    await site.oracle.write([{ topic: 'fenced', partition: 0, value: 'left open' }], { transactionalId: 'fenced' })
    const kafka = openKafka(site.kafka.bootstrap)
    const first = await kafka.openTransactionalSink({ transactionalId: 'fenced' })
    await first.commit({ writes: [encodeWrite('fenced', 0, ['first'])] })
    const second = await kafka.openTransactionalSink({ transactionalId: 'fenced' })
    await expect(first.commit({ writes: [encodeWrite('fenced', 0, ['late'])] })).rejects.toThrow(/epoch|fenced/i)
    await second.commit({ writes: [encodeWrite('fenced', 0, ['second'])] })
    expect(await valuesOf('fenced')).toEqual(['0: first', '0: second'])
    expect(await site.oracle.openTransactions('fenced')).toEqual([])
    first.discard()
    await second.close()
  }, 60_000)

  it('sends to one partition at a time, and takes the next records after the acknowledgement', async () => {
    await site.oracle.createTopics([{ name: 'in-turn', partitionCount: 2 }])
    const proxy = site.kafka.proxy('services')
    const sink = await openKafka(proxy.bootstrap).openTransactionalSink({ transactionalId: 'in-turn' })
    const taken: string[] = []
    const takeWrites = function* () {
      for (const partition of [0, 1]) {
        taken.push(`partition ${partition}`)
        yield encodeWrite('in-turn', partition, ['x'])
      }
    }
    const acknowledgement = proxy.inject('holdResponse', { api: 'produce', body: 'in-turn' })
    const committed = sink.commit({ writes: takeWrites() })
    await acknowledgement.fired
    expect(taken).toEqual(['partition 0'])
    acknowledgement.release()
    await committed
    expect(await valuesOf('in-turn')).toEqual(['0: x', '1: x'])
    await sink.close()
  }, 60_000)

  it.each([
    ['has', 'resetResponse', ['0: unknown', '0: next']],
    ['has not', 'resetRequest', ['0: next']],
  ] as const)(
    'rejects a commit whose outcome it does not know, and the next sink finds what the broker %s',
    async (has, action, expected) => {
      const topic = `outcome-${has.replace(' ', '-')}`
      await site.oracle.createTopics([{ name: topic, partitionCount: 1 }])
      const proxy = site.kafka.proxy('services')
      const kafka = openKafka(proxy.bootstrap)
      const sink = await kafka.openTransactionalSink({ transactionalId: topic })
      const position = { groupId: topic, topic, partition: 0 }
      const rule = proxy.inject(action, { api: 'endTxn', body: topic })
      await expect(
        sink.commit({ writes: [encodeWrite(topic, 0, ['unknown'])], position: { ...position, nextOffset: 1n } }),
      ).rejects.toThrow()
      rule.remove()
      sink.discard()
      const next = await kafka.openTransactionalSink({ transactionalId: topic })
      const [found] = await committed(topic, topic)
      expect(found?.offset).toBe(action === 'resetResponse' ? 1n : undefined)
      await next.commit({ writes: [encodeWrite(topic, 0, ['next'])], position: { ...position, nextOffset: 2n } })
      expect((await valuesOf(topic)).toSorted()).toEqual([...expected].sort())
      await next.close()
    },
    60_000,
  )

  it('sends once what it has to send twice, since an acknowledgement was lost', async () => {
    await site.oracle.createTopics([{ name: 'once', partitionCount: 1 }])
    const proxy = site.kafka.proxy('services')
    const clock = createSystemClock()
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'sink', settings: { logLevel: 'warn', logFormat: 'json' }, stream })
    const options = { clock, logger, stallMs: 20_000, stallSetting: 'STALL' }
    const sink = await openKafka(proxy.bootstrap).openIdempotentSink(options)
    await sink.send(encodeWrite('once', 0, ['a', 'b']))
    const rule = proxy.inject('resetResponse', { api: 'produce' })
    await sink.send(encodeWrite('once', 0, ['c', 'd']))
    await rule.fired
    await sink.send(encodeWrite('once', 0, ['e', 'f']))
    expect(sink.sendingForMs()).toBe(0)
    expect(await valuesOf('once')).toEqual(['0: a', '0: b', '0: c', '0: d', '0: e', '0: f'])
    await sink.close()
  }, 60_000)

  it('gives up for good what cannot be sent', async () => {
    await site.oracle.createTopics([{ name: 'small', partitionCount: 1, settings: { 'max.message.bytes': '1000' } }])
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'sink', settings: { logLevel: 'warn', logFormat: 'json' }, stream })
    const options = { clock: createSystemClock(), logger, stallMs: 20_000, stallSetting: 'STALL' }
    const sink = await openKafka(site.kafka.bootstrap).openIdempotentSink(options)
    await expect(sink.send(encodeWrite('small', 0, ['x'.repeat(2_000)]))).rejects.toThrow(/larger than the max/)
    await sink.close()
  }, 60_000)
})
