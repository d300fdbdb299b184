import { expect, it } from '@jest/globals'
import { runAdmin } from '../support/admin-process.js'
import { headerText } from '../support/oracle-records.js'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'

const topic = 'connector_example'
const commit = '*COMMIT*'
const points = ['afterInit', 'afterSend', 'afterSendOffsets', 'beforeCommit', 'afterCommit', 'beforeResolve'] as const
const rowsPerUpdate = 3
const environment = { PIPELINE: 'connector', ETL_GROUP_ID: 'connector-updates', ETL_INSTANCE: 'one' }

withSharedBroker('atomic updates', {}, (site) => {
  let written = 0
  let commits = 0
  const write = (values: readonly string[]) =>
    site.oracle.write(values.map((value) => ({ topic, partition: 0, value: Buffer.from(value) })))
  const writeUpdate = async (): Promise<void> => {
    const rows = Array.from({ length: rowsPerUpdate }, () => `${written++},"a note, ignored"`)
    await write([...rows, commit])
    commits++
  }
  const readValues = async (): Promise<readonly number[]> =>
    (await site.oracle.readTopic('connector_values')).map(({ value }) =>
      Number(/^\{"value":(\d+),"time":\d+,"diff":1\}$/.exec(String(value))?.[1]),
    )
  const admin = (...commandLine: readonly string[]) =>
    runAdmin(commandLine, { bootstrap: site.kafka.bootstrap, environment })
  const all = (): readonly number[] => Array.from({ length: written }, (_, index) => index)

  it('are whole at every moment, whatever point the ETL is killed at', async () => {
    await site.oracle.createTopics([
      { name: topic, partitionCount: 1 },
      { name: 'connector_values', partitionCount: 1 },
    ])
    await write([commit, 'value,note'])
    commits = 1
    const etl = await superviseService({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment,
      environmentOf: (run): Record<string, string> =>
        // The first transaction only commits where the partition begins.
        run <= points.length ? { CRASH_AT: `etl.${points[run - 1] ?? ''}:${run === 1 ? 1 : 2}` } : {},
    })
    await waitFor(
      async () => {
        await writeUpdate()
        // Two updates that may come in one fetch.
        await writeUpdate()
        const values = await readValues()
        expect(values).toEqual(all().slice(0, values.length))
        expect(values.length % rowsPerUpdate).toBe(0)
        return etl.exits.length >= points.length
      },
      { what: 'a death at each point', deadlineMs: 90_000, everyMs: 100 },
    )
    await waitFor(async () => (await readValues()).length === written, { what: 'all values', deadlineMs: 30_000 })
    expect(await readValues()).toEqual(all())
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    const updates = await site.oracle.readTopic('connector_updates')
    expect(updates.map(({ value }) => String(value))).toEqual(
      Array.from({ length: commits - 1 }, (_, index) => {
        const rows = [0, 1, 2].map((row) => `{"value":${index * rowsPerUpdate + row}}`)
        return `{"commit":${index + 2},"rows":[${rows.join(',')}]}`
      }),
    )
    expect(updates[0] && headerText(updates[0], 'source')).toBe(`${topic}/0/5`)
  }, 180_000)

  it('wait for their COMMIT over many fetches and a kill, and are no lag meanwhile', async () => {
    const before = written
    const note = 'x'.repeat(10_000)
    for (let part = 0; part < 3; part++) await write(Array.from({ length: 100 }, () => `${written++},${note}`))
    const first = await startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
    await waitFor(async () => (await first.metric('etl_unfinished_update_records')) === 300, { what: '300 rows held' })
    await first.waitForHttp('/ready', 200)
    expect(await first.metric('etl_consumer_lag_records')).toBe(0)
    expect(await readValues()).toHaveLength(before)
    const [lag, audit] = await Promise.all([admin('lag', '--json'), admin('audit', '--json')])
    expect(lag.json()).toMatchObject({ records: 0, seconds: 0, unfinished: 300 })
    expect([audit.code, audit.stderr]).toEqual([0, ''])
    await first.kill9()
    const second = await startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
    await waitFor(async () => (await second.metric('etl_unfinished_update_records')) === 300, { what: '300 rows held' })
    await write([commit])
    await waitFor(async () => (await readValues()).length > before, { what: 'the update' })
    expect(await readValues()).toEqual(all())
    await second.terminate()
    // Retention deletes the header and an update: the ETL knows both nevertheless.
    await site.oracle.deleteRecords(topic, 0, 6n)
    const later = await admin('audit', '--json')
    expect([later.code, later.stderr]).toEqual([0, ''])
  }, 90_000)

  it('come once more, as they were, from where `reset` puts the group', async () => {
    const before = await site.oracle.readTopic('connector_updates')
    const reset = await admin('reset', '--to-offset', '6', '--execute')
    expect([reset.code, reset.stderr]).toEqual([0, ''])
    const etl = await startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
    const count = 2 * before.length - 1
    const read = () => site.oracle.readTopic('connector_updates')
    await waitFor(async () => (await read()).length >= count, { what: 'the updates once more' })
    const textsOf = (records: Awaited<ReturnType<typeof read>>) => records.map(({ value }) => String(value))
    expect(textsOf((await read()).slice(before.length))).toEqual(textsOf(before.slice(1)))
    expect(await site.oracle.readTopic('connector_dead_letters')).toEqual([])
    await etl.terminate()
  }, 60_000)

  it('end the ETL with exit code 2 if they are larger than ETL_UPDATE_MAX_BYTES', async () => {
    await write(Array.from({ length: 20 }, () => `${written++},a note`))
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment: { ...environment, ETL_UPDATE_MAX_BYTES: '100' },
    })
    expect((await etl.exit).code).toBe(2)
    expect(etl.lines.map(({ msg }) => msg).join('\n')).toMatch(
      /expected an update of at most 100 bytes.*ETL_UPDATE_MAX_BYTES/,
    )
  }, 60_000)
})
