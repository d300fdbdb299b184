import { expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import type { NewRecord, RecordHeader } from '../support/oracle-records.js'
import { createCase } from '../support/service-case.js'
import { withBroker } from '../support/site.js'

type Replay = {
  readonly replayed: number
  readonly skipped: Readonly<Record<string, number>>
}

const header = (name: string, value: string | null): RecordHeader => ({
  name,
  value: value === null ? null : Buffer.from(value),
})

/** Unusual dead letters, written as the ETL does, with its own headers after those of the record. */
withBroker('dead letters that are hard to read or to send back', {}, (site) => {
  const admin = (name: string, ...commandLine: readonly string[]): Promise<AdminResult> =>
    runAdmin(commandLine, { bootstrap: site.kafka.bootstrap, environment: createCase(name).environment })

  const replay = async (name: string, ...options: readonly string[]): Promise<Replay> => {
    const result = await admin(name, 'dead-letters', 'replay', '--json', ...options)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    return result.json() as Replay
  }

  const createTopics = (name: string, inputSettings: Readonly<Record<string, string>> = {}): Promise<void> =>
    site.oracle.createTopics([
      { name: `${name}-1`, partitionCount: 1, settings: inputSettings },
      { name: `${name}-2`, partitionCount: 1 },
      { name: `${name}-unified`, partitionCount: 2 },
      { name: `${name}-dead`, partitionCount: 2 },
    ])

  const letter = (
    name: string,
    offset: number,
    parts: Partial<Pick<NewRecord, 'key' | 'value'>> & {
      readonly own?: readonly RecordHeader[]
      readonly rejectedAtMs?: number
    } = {},
  ): NewRecord => ({
    topic: `${name}-dead`,
    partition: 0,
    key: 'key',
    value: 'bad',
    ...parts,
    headers: [
      ...(parts.own ?? []),
      header('source', `${name}-1/0/${offset}`),
      header('__etl.errors.reason', 'value_not_json'),
      header('__etl.errors.message', 'Expected JSON, got something else'),
      header('__etl.errors.timestamp', String(parts.rejectedAtMs ?? 1_707_217_879_944)),
    ],
  })

  const write = async (records: readonly NewRecord[]): Promise<void> => {
    const outcomes = await site.oracle.write(records)
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
  }

  it('goes back to an input that takes small batches only', async () => {
    await createTopics('small', { 'max.message.bytes': '102400' })
    await write(Array.from({ length: 300 }, (_, offset) => letter('small', offset, { value: 'x'.repeat(1_003) })))
    expect(await replay('small', '--reason', 'value_not_json')).toMatchObject({ replayed: 300, skipped: {} })
    expect(await site.oracle.readTopic('small-1')).toHaveLength(300)
    // Two transactions, and an end marker each: no other one was begun because the broker refused a batch.
    const [log] = await site.oracle.offsets('small-1')
    expect(`ends at ${log?.highWatermark}`).toBe('ends at 302')
  }, 60_000)

  it('goes back whole though it is large, and compressed', async () => {
    await createTopics('whole', { 'max.message.bytes': '8388608' })
    const value = 'x'.repeat(3 * 2 ** 20)
    const settings = { 'compression.type': 'zstd', 'max.request.size': '8388608' }
    const [outcome] = await site.oracle.write([letter('whole', 0, { value })], { settings })
    expect(outcome).toMatchObject({ ok: true })
    const { stdout } = await admin('whole', 'dead-letters', 'show', '0/0')
    expect(/^value .*$/m.exec(stdout)?.[0]).toBe(`value     ${value.length} bytes`)
    expect(await replay('whole', '--reason', 'value_not_json')).toMatchObject({ replayed: 1, skipped: {} })
    const [sent] = await site.oracle.readTopic('whole-1')
    expect(sent?.value?.length).toBe(value.length)
  }, 60_000)

  it('goes back with headers that are larger than the values', async () => {
    await createTopics('headers')
    const own = [header('trace', 'x'.repeat(8_192))]
    await write(Array.from({ length: 200 }, (_, offset) => letter('headers', offset, { own })))
    expect(await replay('headers', '--reason', 'value_not_json')).toMatchObject({ replayed: 200, skipped: {} })
    expect(await site.oracle.readTopic('headers-1')).toHaveLength(200)
  }, 60_000)

  it('leaves the one that is too large for its input, names it, and sends the others', async () => {
    await createTopics('large', { 'max.message.bytes': '2000' })
    const values = ['first', 'x'.repeat(1_990), 'last']
    await write(values.map((value, offset) => letter('large', offset, { value })))
    const planned = await admin('large', 'dead-letters', 'replay', '--reason', 'value_not_json', '--dry-run')
    expect(planned.stdout).toMatch(/would replay 2 dead letters/)
    const result = await admin('large', 'dead-letters', 'replay', '--reason', 'value_not_json')
    expect(result.stdout).toMatch(/^Replayed 2 dead letters \(value_not_json 2\)\.$/m)
    expect(result.stdout).toMatch(/^Left 1, larger than one batch .*: 0\/1 \(large-1 takes 2000 bytes\)$/m)
    expect(result.code).toBe(0)
    const inputs = await site.oracle.readTopic('large-1')
    expect(inputs.map(({ value }) => value?.toString())).toEqual(['first', 'last'])
  }, 60_000)

  it('leaves those that the broker refuses, names them, and sends the others once', async () => {
    await createTopics('refused', { 'cleanup.policy': 'compact' })
    const keys = Array.from({ length: 20 }, (_, offset) => (offset === 7 || offset === 8 ? null : `key ${offset}`))
    await write(keys.map((key, offset) => letter('refused', offset, { key })))
    const result = await admin('refused', 'dead-letters', 'replay', '--reason', 'value_not_json')
    expect(result.stdout).toMatch(/^Replayed 18 dead letters/m)
    expect(result.stdout).toMatch(/^Left 2, refused by the broker: 0\/7 \(.+\), 0\/8 \(.+\)$/m)
    const inputs = await site.oracle.readTopic('refused-1')
    expect(inputs.map(({ key }) => key?.toString())).toEqual(keys.filter((key) => key !== null))
    expect(await replay('refused', '--reason', 'value_not_json')).toMatchObject({ replayed: 0 })
  }, 120_000)

  it('keeps the order of the headers, those of one name and those of the ETL’s names too', async () => {
    await createTopics('order')
    const own = [
      header('b', '1'),
      header('__etl.original.size', '5'),
      header('a', '2'),
      header('source', 'forged/0/1'),
      header('b', null),
      header('replay-of', 'order-dead/0/99'),
    ]
    await write([letter('order', 0, { own })])
    expect(await replay('order', '--reason', 'value_not_json')).toMatchObject({ replayed: 1, skipped: {} })
    const [sent] = await site.oracle.readTopic('order-1')
    expect(sent?.headers).toEqual([...own, header('replay-of', 'order-dead/0/0')])
  }, 60_000)

  it('sends single letters, so many, or those from a time on', async () => {
    await createTopics('single')
    const since = Date.parse('2024-02-05T10:00:00Z')
    await write(Array.from({ length: 6 }, (_, offset) => letter('single', offset, { rejectedAtMs: since + offset })))
    expect(await replay('single', '--letter', '0/4', '0/99', '--dry-run')).toMatchObject({
      replayed: 1,
      skipped: { notFound: 1 },
    })
    expect(await replay('single', '--letter', '0/4')).toMatchObject({ replayed: 1 })
    expect(await replay('single', '--reason', 'value_not_json', '--limit', '2')).toMatchObject({ replayed: 2 })
    const from = ['--since', '2024-02-05T10:00:00.003Z']
    expect(await replay('single', '--reason', 'value_not_json', ...from)).toEqual(
      expect.objectContaining({ replayed: 2, skipped: { alreadyReplayed: 1 } }),
    )
    expect(await replay('single', '--reason', 'value_not_json', '--limit', '9')).toMatchObject({ replayed: 1 })
    expect(await site.oracle.readTopic('single-1')).toHaveLength(6)
  }, 60_000)

  it('takes little time over a record of 500,000 headers', async () => {
    await createTopics('many')
    const own = Array.from({ length: 500_000 }, () => header('', ''))
    await write([{ ...letter('many', 0, { own }), value: '' }])
    await write([{ topic: 'many-1', partition: 0, value: '', headers: own }])
    const within = { bootstrap: site.kafka.bootstrap, environment: createCase('many').environment, deadlineMs: 20_000 }
    const run = (...commandLine: readonly string[]): Promise<AdminResult> => runAdmin(commandLine, within)
    expect((await run('dead-letters', 'list')).stdout).toMatch(/^1 dead letter /m)
    expect(
      ((await run('dead-letters', 'show', '0/0', '--json')).json() as { headers: unknown[] }).headers,
    ).toHaveLength(500_004)
    expect((await run('audit', '--json')).code).toBe(0)
    expect(await replay('many', '--reason', 'value_not_json')).toMatchObject({ replayed: 1 })
  }, 120_000)

  it('shows no character that a terminal would obey', async () => {
    await createTopics('unsafe')
    const unsafe = '\u001b[2J\u009b31m\u202eabc\u2066\u0007'
    await write([letter('unsafe', 0, { value: unsafe, own: [header(unsafe, unsafe)] })])
    for (const options of [['list'], ['show', '0/0'], ['list', '--json'], ['show', '0/0', '--json']]) {
      const { stdout, stderr } = await admin('unsafe', 'dead-letters', ...options)
      expect(/[^\P{Control}\n]|\p{Bidi_Control}/u.exec(stdout + stderr)).toBeNull()
    }
    expect((await admin('unsafe', 'dead-letters', 'show', '0/0')).stdout).toContain('\\u001b[2J\\u009b31m\\u202eabc')
    const json = (await admin('unsafe', 'dead-letters', 'show', '0/0', '--json')).json()
    expect(json).toMatchObject({ headers: expect.arrayContaining([expect.objectContaining({ name: unsafe })]) })
  }, 60_000)
})
