import { expect, it } from '@jest/globals'
import { createCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

withBroker('the only producer of a stream', { proxies: ['producer'] }, (site) => {
  const start = (name: string, settings: Readonly<Record<string, string>>, bootstrap = site.kafka.bootstrap) =>
    startServiceProcess({
      service: 'producer',
      bootstrap,
      environment: { ...createCase(name).environment, ...settings },
    })

  const readMessages = async (name: string): Promise<readonly string[]> => {
    const records = await Promise.all(
      [1, 2].map((input) => site.oracle.readTopic(`${name}-${input}`, 'read_committed')),
    )
    return records.flat().map(({ value }) => (JSON.parse(value?.toString() ?? '') as { message: string }).message)
  }

  const expectEachOnce = async (name: string, count: number, others: readonly string[] = []): Promise<void> => {
    const numbers = (await readMessages(name)).filter((message) => !others.includes(message)).map(Number)
    expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, index) => index))
  }

  const finish = async (producer: ServiceProcess): Promise<void> =>
    expect(await producer.exit).toEqual({ code: 0, signal: null })

  it.each(['produce', 'endTxn'] as const)(
    'has its logs once though the last %s request of a killed one arrives after the next has started',
    async (api) => {
      const name = `late-${api}`.toLowerCase()
      const proxy = site.kafka.proxy('producer')
      const held = proxy.inject('holdRequest', { api, nth: 40 })
      const settings = { PRODUCER_RATE: '500', PRODUCER_COUNT: '2000' }
      const killed = await start(name, settings, proxy.bootstrap)
      await held.fired
      await killed.kill9()
      const next = await start(name, settings)
      await next.waitForLine(/continuing with log/)
      held.release()
      await finish(next)
      await expectEachOnce(name, 2_000)
      proxy.restore()
    },
    60_000,
  )

  it('gives way to one that starts later, with a sentence and exit code 1, and each log is there once', async () => {
    const settings = { PRODUCER_RATE: '500', PRODUCER_COUNT: '3000' }
    const earlier = await start('twice', settings)
    await earlier.waitForLine(/^sent logs/)
    const later = await start('twice', settings)
    expect(await earlier.exit).toEqual({ code: 1, signal: null })
    expect(earlier.lines.at(-1)?.msg).toMatch(
      /^expected to be the only producer of twice-[12], but another has taken over the stream/,
    )
    await finish(later)
    await expectEachOnce('twice', 3_000)
  }, 60_000)

  it('believes no record of others, whatever headers it has', async () => {
    const forge = (index: number) => ({
      topic: 'forged-1',
      partition: 0,
      value: 'forged',
      headers: [
        { name: 'log', value: `0/${index}` },
        { name: 'confirmed', value: String(index) },
      ],
    })
    await site.oracle.createTopics([{ name: 'forged-1', partitionCount: 1 }])
    await site.oracle.write([forge(1_999)])
    const settings = { PRODUCER_RATE: '1000', PRODUCER_COUNT: '2000' }
    const first = await start('forged', settings)
    await first.waitForLine(/^sent logs/)
    await first.kill9()
    await site.oracle.write([forge(1_500)])
    await finish(await start('forged', settings))
    const values = (await site.oracle.readTopic('forged-1', 'read_committed')).concat(
      await site.oracle.readTopic('forged-2', 'read_committed'),
    )
    const numbers = values
      .map(({ value }) => value?.toString() ?? '')
      .filter((value) => value !== 'forged')
      .map((value) => Number((JSON.parse(value) as { message: string }).message))
    expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 2_000 }, (_, index) => index))
  }, 60_000)

  it('starts at once, whatever records of others its topics hold and whatever transaction is open in them', async () => {
    const headers = Array.from({ length: 100_000 }, () => ({ name: '', value: '' }))
    await site.oracle.createTopics([{ name: 'crowded-1', partitionCount: 1 }])
    await site.oracle.write([{ topic: 'crowded-1', partition: 0, value: 'x', headers }])
    await site.oracle.write([{ topic: 'crowded-1', partition: 0, value: 'x' }], { transactionalId: 'open' })
    const settings = { PRODUCER_RATE: '0', PRODUCER_COUNT: '1000' }
    const startedMs = Date.now()
    await finish(await start('crowded', settings))
    await finish(await start('crowded', { ...settings, PRODUCER_COUNT: '2000' }))
    expect(Date.now() - startedMs).toBeLessThan(20_000)
    await site.oracle.endTransaction('open', 'abort')
    const isWhole = async (): Promise<boolean> =>
      (await site.oracle.readTopic('crowded-1', 'read_committed')).length > 900
    await waitFor(isWhole, { what: 'the logs behind the transaction' })
  }, 60_000)

  it('starts a topic that was deleted and made again where the other one was known to be complete', async () => {
    const settings = { PRODUCER_RATE: '0', PRODUCER_COUNT: '1000' }
    await finish(await start('again', settings))
    await site.oracle.deleteTopic('again-1')
    await finish(await start('again', { ...settings, PRODUCER_COUNT: '2000' }))
    const numbers = (await readMessages('again')).map(Number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.filter((number) => number >= 1_000)).toHaveLength(1_000)
  }, 60_000)
})
