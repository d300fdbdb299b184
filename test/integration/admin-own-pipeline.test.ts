import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { headerText, type NewRecord, type TopicRecord } from '../support/oracle-records.js'
import { buildPipeline, makeInstallation } from '../support/own-pipeline.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

const name = 'own-orders'
const outputTopic = `${name}-by-country`
const plain = 'own-texts'
const order = (id: number, country = 'FR') => JSON.stringify({ id: `o-${id}`, cents: 100 + id, country })
const noonMs = Date.parse('2024-02-05T12:00:00Z')

type Printed = { readonly offset: number; readonly partition: number; readonly key: string; readonly value: unknown }

withSharedBroker('the commands about a pipeline that `pipelines new` has made', {}, (site) => {
  let installation: string
  let etl: ServiceProcess
  const admin = (...commandLine: readonly string[]): Promise<AdminResult> =>
    runAdmin(commandLine, { bootstrap: site.kafka.bootstrap, installation, environment: { PIPELINE: name } })
  const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n')
  const printedOf = ({ stdout }: AdminResult): readonly Printed[] =>
    linesOf(stdout).map((line) => JSON.parse(line) as Printed)

  beforeAll(async () => {
    installation = await makeInstallation('etl', 'admin')
    // Only the admin commands that need a pipeline look for one.
    const made = await runAdmin(['pipelines', 'new', name, '--json'], {
      bootstrap: site.kafka.bootstrap,
      installation,
    })
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(made.json()).toEqual({ name, files: ['pipeline.ts', 'pipeline.test.ts', 'sample.jsonl', 'README.md'] })
    await buildPipeline(installation, name)
    await site.oracle.createTopics([
      { name, partitionCount: 1 },
      { name: plain, partitionCount: 1 },
    ])
    // Ten are passed on, one is dropped, one is rejected.
    const values = [...Array.from({ length: 10 }, (_, id) => order(id, id % 2 === 0 ? 'FR' : 'US')), order(-100), 'bad']
    await writeAll(
      site.oracle,
      values.map((value) => ({ topic: name, partition: 0, key: 'k', value })),
    )
    await writeAll(
      site.oracle,
      [
        ['a', 'first'],
        ['b', 'gone'],
        ['a', 'sec\u001b[31mond'],
        ['b', null],
      ].map(([key, value], index) => ({
        topic: plain,
        partition: 0,
        key: String(key),
        value: value ?? null,
        timestampMs: noonMs + index * 1_000,
      })),
    )
    etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      installation,
      environment: { PIPELINE: name },
    })
    await waitFor(() => isGroupAtEnd(site.oracle, `etl-${name}`, [name]), { what: 'the orders', deadlineMs: 60_000 })
  }, 120_000)

  it('`pipelines new` takes no name that there is, `list` and `try` know the new one', async () => {
    const [again, wrong, listed, tried] = await Promise.all([
      admin('pipelines', 'new', name),
      admin('pipelines', 'new', 'Own Orders'),
      admin('pipelines', 'list', '--json'),
      admin('pipelines', 'try', name, 'orders', join(installation, 'pipelines', name, 'sample.jsonl')),
    ])
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('expected a name that no pipeline has')])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('expected a name of lower-case letters')])
    expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining(outputTopic)])
    expect([tried.code, linesOf(tried.stdout).length]).toEqual([1, 3])
    expect(tried.stderr).toContain('country_unknown')
  }, 60_000)

  it('`tail` prints from the start, from a time or from now on, as text or JSON, and ends after --count', async () => {
    const [all, some, later, wrong] = await Promise.all([
      admin('tail', outputTopic, '--count', '10', '--json'),
      admin('tail', plain, '--from', 'earliest', '--count', '3'),
      admin('tail', plain, '--from', '2024-02-05T12:00:02Z', '--count', '2', '--json'),
      admin('tail', plain, '--from', 'noon'),
    ])
    expect(all.code).toBe(0)
    expect(printedOf(all).map(({ key, value }) => [key, (value as { readonly cents: number }).cents])).toEqual(
      expect.arrayContaining([
        ['FR', 100],
        ['US', 109],
      ]),
    )
    expect(linesOf(some.stdout)).toEqual([
      '0/0  2024-02-05T12:00:00.000Z  a  first',
      '0/1  2024-02-05T12:00:01.000Z  b  gone',
      '0/2  2024-02-05T12:00:02.000Z  a  sec\\u001b[31mond',
    ])
    expect(printedOf(later).map(({ offset, value }) => [offset, value])).toEqual([
      [2, 'sec\u001b[31mond'],
      [3, null],
    ])
    expect(later.stdout).not.toContain('\u001b')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Expected earliest, latest or a time')])

    const now = admin('tail', plain, '--from', 'latest', '--count', '1', '--json')
    let hasEnded = false
    void now.then(() => (hasEnded = true))
    // It does not report when it has looked for the end.
    await waitFor(
      async () => {
        await writeAll(site.oracle, [{ topic: plain, partition: 0, key: 'c', value: 'now' }])
        return hasEnded
      },
      { what: 'tail to end', everyMs: 300 },
    )
    expect(printedOf(await now)).toMatchObject([{ key: 'c', value: 'now' }])
  }, 90_000)

  it('`latest` prints the newest value of each key, or of one', async () => {
    const [all, one, deleted, last] = await Promise.all([
      admin('latest', plain, '--json'),
      admin('latest', plain, 'a'),
      admin('latest', plain, 'b'),
      admin('latest', outputTopic, 'US', '--json'),
    ])
    const { records } = all.json() as { readonly records: readonly Printed[] }
    expect([all.code, records.filter(({ key }) => key !== 'c').map(({ key, value }) => [key, value])]).toEqual([
      0,
      [['a', 'sec\u001b[31mond']],
    ])
    expect([one.code, one.stdout]).toEqual([0, '0/2  2024-02-05T12:00:02.000Z  a  sec\\u001b[31mond\n'])
    expect([deleted.code, deleted.stdout, deleted.stderr]).toEqual([
      1,
      expect.stringMatching(/^\n?$/),
      expect.stringContaining(`expected a value of b in ${plain}, found none`),
    ])
    expect([last.code, last.json()]).toMatchObject([0, { key: 'US', value: { id: 'o-9', cents: 109, country: 'US' } }])
  }, 60_000)

  it('`dead-letters export` writes a file of JSON lines, never over another', async () => {
    const path = join(installation, 'letters.jsonl')
    const exported = await admin('dead-letters', 'export', path, '--json')
    expect([exported.code, exported.json()]).toEqual([0, { letters: 1, path }])
    const letters = linesOf(await readFile(path, 'utf8')).map((line) => JSON.parse(line) as object)
    expect(letters).toMatchObject([{ source: `${name}/0/11`, reason: 'value_not_json', key: 'k', value: 'bad' }])
    const other = join(installation, 'others.jsonl')
    const [again, picked, unknown] = await Promise.all([
      admin('dead-letters', 'export', path),
      admin('dead-letters', 'export', other, '--reason', 'country_unknown'),
      admin('dead-letters', 'export', join(installation, 'none.jsonl'), '--reason', 'odd'),
    ])
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('expected a file that does not exist yet')])
    expect([picked.code, picked.stdout]).toEqual([0, `Wrote 0 dead letters to ${other}.\n`])
    expect(await readFile(other, 'utf8')).toBe('')
    expect(unknown.code).toBe(2)
  }, 60_000)

  it('`audit` finds a changed, a lost, a doubled and a reordered output, and nothing before', async () => {
    const sound = await admin('audit', '--json')
    expect([sound.code, sound.json()]).toMatchObject([
      0,
      {
        ok: true,
        faults: [],
        partitions: [{ records: 12, outputs: 10, deadLetters: 1, dropped: { free: 1 }, pending: 0 }],
      },
    ])
    const outputs = await site.oracle.readTopic(outputTopic)
    const numberOf = (record: TopicRecord): number => Number(headerText(record, 'source')?.split('/').at(-1))
    const outputOf = (number: number): TopicRecord => {
      const found = outputs.find((record) => numberOf(record) === number)
      if (!found) throw new Error(`expected an output of ${number}, found none`)
      return found
    }
    // For FR, whose outputs are in one partition: 2 is changed, 4 lost, 0 repeated, 8 comes before 6.
    const changed = { ...outputOf(2), value: Buffer.from(order(2).replace('102', '103')) }
    const french = outputOf(0).partition
    const planted: readonly NewRecord[] = [outputOf(0), changed, outputOf(0), outputOf(8), outputOf(6)]
    const ends = await site.oracle.offsets(outputTopic)
    const end = ends.find(({ partition }) => partition === french)?.lastStable ?? 0n
    const others = outputs.filter((record) => record.partition === french && numberOf(record) % 2 === 1)
    await site.oracle.deleteRecords(outputTopic, french, end)
    await writeAll(
      site.oracle,
      [...planted, ...others].map(({ topic, key, value, headers }) => ({
        topic,
        partition: french,
        ...{ key: key ?? null, value, headers: headers ?? [] },
      })),
    )
    const [found, told] = await Promise.all([admin('audit', '--json'), admin('audit')])
    const { ok, faults, partitions } = found.json() as {
      readonly ok: boolean
      readonly faults: readonly string[]
      readonly partitions: readonly object[]
    }
    const at = (index: bigint): string => `${outputTopic}/${french}/${end + index}`
    expect([found.code, told.code, ok]).toEqual([1, 1, false])
    expect(partitions).toMatchObject([{ lost: 1, duplicates: 1, reordered: 1, different: 1 }])
    expect(faults.toSorted()).toEqual([
      `1 different from what the step makes of ${name}/0: ${at(1n)} of 2`,
      `1 lost of ${name}/0: offsets 4`,
      `1 out of order of ${name}/0: ${at(4n)} brings 6 after 8`,
      `1 twice of ${name}/0: ${at(2n)} repeats 0`,
    ])
    for (const fault of faults) expect(told.stdout).toContain(`✗ ${fault}\n`)
  }, 90_000)

  it('`pipelines remove` says what there is, refuses while services run, then removes it', async () => {
    const [dry, refused] = await Promise.all([
      admin('pipelines', 'remove', name, '--json'),
      admin('pipelines', 'remove', name, '--execute'),
    ])
    const topics = [name, outputTopic, 'own-orders_dead_letters']
    expect([dry.code, dry.json()]).toMatchObject([0, { dryRun: true, topics: expect.arrayContaining(topics) }])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('stop the services first')])
    await etl.terminate()
    const removed = await admin('pipelines', 'remove', name, '--execute')
    expect(removed.code).toBe(0)
    for (const topic of topics) expect(removed.stdout).toContain(`removed topic ${topic}, with all of its records\n`)
    const after = await admin('pipelines', 'remove', name, '--json')
    expect(after.json()).toMatchObject({ groups: [], topics: [] })
    const texts = await site.oracle.readTopic(plain)
    expect(texts.length).toBeGreaterThanOrEqual(4)
  }, 90_000)
})
