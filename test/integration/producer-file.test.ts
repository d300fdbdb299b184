import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import type { TopicRecord } from '../support/oracle-records.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

withSharedBroker('the producer of files and samples', {}, (site) => {
  const start = (environment: Readonly<Record<string, string>>): Promise<ServiceProcess> =>
    startServiceProcess({ service: 'producer', bootstrap: site.kafka.bootstrap, environment })

  const finish = async (environment: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
    const producer = await start(environment)
    expect(await producer.exit).toEqual({ code: 0, signal: null })
    return producer
  }

  const read = async (topic: string): Promise<readonly TopicRecord[]> => site.oracle.readTopic(topic, 'read_committed')

  const textOf = ({ value }: TopicRecord): string => value?.toString() ?? '(null)'

  const folder = mkdtempSync(join(tmpdir(), 'kafka-etl-producer-file-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const writeFile = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  /** Alternates `<name>-1` and `<name>-2`: three lines of one, then one of the other. */
  const linesOf = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) =>
      JSON.stringify({ topic: `${name}-${index % 4 === 3 ? 2 : 1}`, value: { message: String(index) } }),
    )

  it('sends each line of a file for two topics once and in order, over kill -9', async () => {
    const { environment } = createCase('file-killed')
    const count = 1_200
    const file = writeFile('killed.jsonl', linesOf('file-killed', count).join('\n'))
    const settings = { ...environment, PRODUCER_FILE: file, PRODUCER_RATE: '0' }
    const sent = async (): Promise<number> => {
      const ends = await Promise.all([1, 2].map((input) => site.oracle.offsets(`file-killed-${input}`).catch(() => [])))
      return ends.flat().reduce((sum, { highWatermark }) => sum + Number(highWatermark), 0)
    }
    for (const least of [200, 700]) {
      const producer = await start(settings)
      await waitFor(async () => (await sent()) >= least, { what: `${least} lines`, everyMs: 5 })
      await producer.kill9()
    }
    await finish(settings)
    const [first, second] = await Promise.all([read('file-killed-1'), read('file-killed-2')])
    const messages = (records: readonly TopicRecord[]): readonly number[] =>
      records.map((record) => Number((JSON.parse(textOf(record)) as { readonly message: string }).message))
    const all = Array.from({ length: count }, (_, index) => index)
    expect(messages(first)).toEqual(all.filter((index) => index % 4 !== 3))
    expect(messages(second)).toEqual(all.filter((index) => index % 4 === 3))
    const again = await finish(settings)
    await again.waitForLine(/^1200 of 1200 lines are in the topics already: nothing to send/)
  }, 120_000)

  it('sends a file in rounds, with keys, tombstones and times as its lines say', async () => {
    const { environment } = createCase('file-rounds')
    const file = writeFile(
      'rounds.jsonl',
      '{"topic":"file-rounds-1","key":"k","value":null,"timestampMs":1700000000000}\n{"topic":"file-rounds-1","value":"text"}\n',
    )
    await finish({ ...environment, PRODUCER_FILE: file, PRODUCER_RATE: '0', PRODUCER_COUNT: '5' })
    const records = await read('file-rounds-1')
    expect(records.map(textOf)).toEqual(['(null)', 'text', '(null)', 'text', '(null)'])
    expect(records[0]).toMatchObject({ timestampMs: 1_700_000_000_000 })
    expect(records[0]?.key?.toString()).toBe('k')
  }, 60_000)

  it.each([
    ['a bad line', '{"topic":"file-bad-1","value":1}\n{"topic":"file-bad-1"', /line 2: expected an object in JSON/],
    [
      'an unknown topic',
      '{"topic":"elsewhere","value":1}',
      /line 1: expected topic to be one of logs, unified, got else/,
    ],
  ])('refuses a file with %s, exit code 2, and sends nothing of it', async (_what, text, fault) => {
    const { environment } = createCase('file-bad')
    const producer = await start({ ...environment, PRODUCER_FILE: writeFile('bad.jsonl', text) })
    expect(await producer.exit).toEqual({ code: 2, signal: null })
    expect(producer.lines.at(-1)?.msg).toMatch(fault)
  })

  it('refuses a file that cannot be read, exit code 2', async () => {
    const producer = await start({ ...createCase('file-none').environment, PRODUCER_FILE: '/nowhere.jsonl' })
    expect(await producer.exit).toEqual({ code: 2, signal: null })
    expect(producer.lines.at(-1)?.msg).toMatch(/^PRODUCER_FILE: expected a readable file, got .*nowhere/)
  })

  it("sends another pipeline's sample once, over kill -9", async () => {
    const settings = { PIPELINE: 'noaa', PRODUCER_RATE: '2000', PRODUCER_COUNT: '3000' }
    const killed = await start(settings)
    await killed.waitForLine(/^sent records/)
    await killed.kill9()
    await finish(settings)
    const { makeReading } = await import('../../pipelines/noaa/sample.js')
    const wanted = Array.from({ length: 3_000 }, (_, index) => makeReading(index, 0))
    expect((await read('noaa-flat')).map(textOf)).toEqual(wanted)
  }, 60_000)
})
