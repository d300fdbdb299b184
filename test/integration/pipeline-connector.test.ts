import { expect, it } from '@jest/globals'
import { startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const commit = '*COMMIT*'

withBroker('the connector pipeline', {}, (site) => {
  const start = (service: ServiceName, environment: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> =>
    startServiceProcess({
      service,
      bootstrap: site.kafka.bootstrap,
      environment: { PIPELINE: 'connector', ETL_INSTANCE: 'one', ...environment },
    })
  const read = async (topic: string): Promise<readonly string[]> =>
    (await site.oracle.readTopic(topic)).map(({ value }) => String(value))
  const countUpdates = async (): Promise<number> =>
    (await read('connector_example')).filter((value) => value === commit).length

  it('repeats the numbers, never the header, over restarts of producer and ETL, and numbers the updates', async () => {
    const first = await start('etl')
    await first.waitForHttp('/ready', 200)
    const begunMs = Date.now()
    const endless = { PRODUCER_COUNT: '0', PRODUCER_RATE: '50' }
    const one = await start('producer', endless)
    await waitFor(async () => (await countUpdates()) >= 15, { what: '15 updates', deadlineMs: 60_000 })
    // The header, then a pause of 5 s.
    expect(Date.now() - begunMs).toBeGreaterThan(5_000)
    expect(await one.terminate()).toEqual({ code: 0, signal: null })
    await first.kill9()
    const second = await start('etl')
    const other = await start('producer', endless)
    await waitFor(async () => (await countUpdates()) >= 40, { what: '40 updates', deadlineMs: 60_000 })
    await other.kill9()
    const sent = await countUpdates()
    // PRODUCER_COUNT is the total number of updates, including those that exist already.
    const rest = await start('producer', { PRODUCER_COUNT: String(sent + 3), PRODUCER_RATE: '0' })
    expect((await rest.exit).code).toBe(0)
    const numbers = Array.from({ length: sent + 3 }, (_, index) => index % 10)
    expect(await read('connector_example')).toEqual(['value', ...numbers.flatMap((number) => [String(number), commit])])
    await waitFor(async () => (await read('connector_updates')).length >= numbers.length, { what: 'all updates' })
    expect(await read('connector_updates')).toEqual(
      numbers.map((value, index) => `{"commit":${index + 1},"rows":[{"value":${value}}]}`),
    )
    const values = await read('connector_values')
    expect(values.map((text) => text.replace(/"time":\d{13}/, '"time":0'))).toEqual(
      numbers.map((value) => `{"value":${value},"time":0,"diff":1}`),
    )
    await second.terminate()
  }, 180_000)

  it('takes an update of nearly 8 MiB', async () => {
    const rows = 430_000
    const text = Array.from({ length: rows }, (_, index) => `${1_000_000 + index}`)
    for (let from = 0; from < rows; from += 43_000) {
      const value = text.slice(from, from + 43_000).join('\n')
      await site.oracle.write([{ topic: 'connector_example', partition: 0, value }])
    }
    await site.oracle.write([commit, commit].map((value) => ({ topic: 'connector_example', partition: 0, value })))
    const updatesBefore = (await read('connector_updates')).length
    const etl = await start('etl')
    await waitFor(async () => (await read('connector_updates')).length > updatesBefore, {
      what: 'the large update',
      deadlineMs: 60_000,
      everyMs: 500,
    })
    const large = (await read('connector_updates')).at(-1) ?? ''
    expect(large.length).toBeGreaterThan(7 * 1_048_576)
    const update = JSON.parse(large) as { commit: number; rows: readonly { value: number }[] }
    expect([update.commit, update.rows.length, update.rows.at(-1)]).toEqual([
      updatesBefore + 1,
      rows,
      { value: 1_429_999 },
    ])
    await etl.terminate()
  }, 180_000)
})
