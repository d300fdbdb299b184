import { expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { headerText, type TopicRecord } from '../support/oracle-records.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

type Environment = Readonly<Record<string, string>>

/** A time within the hour that New York's clocks repeat on 2024-11-03. */
const ambiguous = (message: number): string => `{"date":"2024-11-03 01:30:00.000001","message":"${message}"}`

withSharedBroker('dead letters on a real broker', {}, (site) => {
  const admin = (commandLine: string, environment: Environment): Promise<AdminResult> =>
    runAdmin(commandLine.split(' '), { bootstrap: site.kafka.bootstrap, environment })

  const replay = async (commandLine: string, environment: Environment): Promise<unknown> => {
    const result = await admin(`dead-letters replay --json ${commandLine}`, environment)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    return result.json()
  }

  const startEtl = async (environment: Environment): Promise<ServiceProcess> => {
    const etl = await startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
    await etl.waitForHttp('/ready', 200)
    return etl
  }

  /** Runs an ETL until the group has read everything. */
  const catchUp = async (environment: Environment): Promise<void> => {
    const etl = await startEtl(environment)
    const lag = async (): Promise<number> =>
      ((await admin('lag --json', environment)).json() as { readonly records: number }).records
    await waitFor(async () => (await lag()) === 0, { what: 'the ETL to catch up' })
    await etl.terminate()
  }

  const createTopics = (name: string): Promise<void> =>
    site.oracle.createTopics([
      ...[`${name}-1`, `${name}-2`].map((topic) => ({ name: topic, partitionCount: 1 })),
      ...[`${name}-unified`, `${name}-dead`].map((topic) => ({ name: topic, partitionCount: 2 })),
    ])

  const write = (topic: string, values: readonly (string | null)[]): Promise<unknown> =>
    site.oracle.write(
      values.map((value) => ({ topic, partition: 0, value, key: 'key', headers: [{ name: 'own', value: '1' }] })),
    )

  const messages = (records: readonly TopicRecord[]): readonly string[] =>
    records.map(({ value }) => (JSON.parse(value?.toString() ?? '') as { readonly message: string }).message)

  it('lists and shows them, and says where there is none', async () => {
    const environment = createCase('shown').environment
    await createTopics('shown')
    await write('shown-1', ['no JSON \u001b[2J', ambiguous(1), ambiguous(2), null])
    await write('shown-2', ['{"date":"2024-02-30 10:00:00.000000 +0100","message":"x"}'])
    await catchUp(environment)
    const all = await admin('dead-letters list', environment)
    expect(all.stdout).toMatch(/^0\/1 +local_time_ambiguous +shown-1\/0\/1 +20\S+Z +\S/m)
    expect(all.stdout).toMatch(/5 dead letters \(.*local_time_ambiguous 2.*\), all of them shown\.\n$/)
    const listed = await admin('dead-letters list --reason local_time_ambiguous --limit 1 --json', environment)
    expect(listed.json()).toMatchObject({
      total: 2,
      reasons: { local_time_ambiguous: 2 },
      letters: [{ partition: 0, offset: 2, source: 'shown-1/0/2' }],
    })
    const shown = await admin('dead-letters show 0/0', environment)
    expect(shown.stdout).toMatch(/^shown-dead\/0\/0\nsource {4}shown-1\/0\/0\nreason {4}value_not_json\n/)
    expect(shown.stdout).toContain('header    own: 1\n')
    // A terminal would take the raw bytes for a command to clear the screen.
    expect(shown.stdout).toContain('no JSON \\u001b[2J')
    const json = (await admin('dead-letters show 0/0 --json', environment)).json() as { readonly valueBase64: string }
    expect(Buffer.from(json.valueBase64, 'base64').toString()).toBe('no JSON \u001b[2J')
    const absent = await admin('dead-letters show 1/99', environment)
    expect(absent.stderr).toMatch(/expected a dead letter at 1\/99, found none: shown-dead\/1 holds offsets 0 to 1/)
    expect(absent.code).toBe(1)
  }, 60_000)

  it('replays those of a reason to where they came from, once: a second replay adds nothing', async () => {
    const environment = createCase('replayed').environment
    await createTopics('replayed')
    await write('replayed-1', ['no JSON', ...Array.from({ length: 450 }, (_, index) => ambiguous(index))])
    await write('replayed-2', ['neither JSON'])
    await catchUp(environment)
    const planned = await replay('--reason local_time_ambiguous --dry-run', environment)
    expect(planned).toMatchObject({ dryRun: true, replayed: 450 })
    expect(await site.oracle.readTopic('replayed-1')).toHaveLength(451)

    expect(await replay('--reason local_time_ambiguous', environment)).toEqual({
      dryRun: false,
      replayed: 450,
      reasons: { local_time_ambiguous: 450 },
      skipped: {},
    })
    const inputs = await site.oracle.readTopic('replayed-1')
    expect(inputs).toHaveLength(901)
    const [first] = inputs.slice(451)
    expect(first).toMatchObject({ partition: 0, key: Buffer.from('key'), value: Buffer.from(ambiguous(0)) })
    expect(first?.headers.map(({ name, value }) => `${name}: ${String(value)}`).sort()).toEqual([
      'own: 1',
      'replay-of: replayed-dead/0/1',
    ])
    expect(await replay('--reason local_time_ambiguous', environment)).toMatchObject({
      replayed: 0,
      skipped: { alreadyReplayed: 450 },
    })
    expect(await site.oracle.readTopic('replayed-1')).toHaveLength(901)

    await catchUp({ ...environment, ETL_LOCAL_TIME: 'earlier' })
    const outputs = await site.oracle.readTopic('replayed-unified')
    expect(messages(outputs)).toEqual(Array.from({ length: 450 }, (_, index) => String(index)))
    expect((await admin('audit', { ...environment, ETL_LOCAL_TIME: 'earlier' })).code).toBe(0)
    expect((await admin('lag', environment)).stdout).toMatch(/has caught up\.\n$/)
    const other = await replay('--reason value_not_json --topic replayed-2', environment)
    expect(other).toMatchObject({ replayed: 1 })
  }, 120_000)

  it('leaves what was rejected once more after a replay, unless it is told to', async () => {
    const environment = createCase('again').environment
    await createTopics('again')
    await write('again-1', ['no JSON'])
    await catchUp(environment)
    expect(await replay('--reason value_not_json', environment)).toMatchObject({ replayed: 1 })
    await catchUp(environment)
    const letters = await site.oracle.readTopic('again-dead')
    expect(letters.map((letter) => headerText(letter, 'replay-of'))).toEqual([undefined, 'again-dead/0/0'])
    expect(await replay('--reason value_not_json', environment)).toMatchObject({
      replayed: 0,
      skipped: { alreadyReplayed: 1, rejectedAgain: 1 },
    })
    expect(await replay('--reason value_not_json --again', environment)).toMatchObject({ replayed: 1 })
    expect(await replay('--reason value_not_json --again', environment)).toMatchObject({ replayed: 0 })
  }, 60_000)

  it('does not send back what was cut to fit into the topic', async () => {
    const environment = createCase('cut').environment
    await site.oracle.createTopics([
      { name: 'cut-1', partitionCount: 1 },
      { name: 'cut-2', partitionCount: 1 },
      { name: 'cut-unified', partitionCount: 2 },
      { name: 'cut-dead', partitionCount: 2, settings: { 'max.message.bytes': '2000' } },
    ])
    await write('cut-1', ['x'.repeat(5_000)])
    await catchUp(environment)
    const result = await admin('dead-letters replay --reason value_not_json', environment)
    expect(result.stdout).toMatch(/^Replayed 0 dead letters\.\nLeft 1, cut to fit into the topic: .*: 0\/0\n$/)
    expect((await admin('dead-letters show 0/0', environment)).stdout).toMatch(
      /^value {5}\d+ bytes, cut: it had 5000$/m,
    )
    expect(await site.oracle.readTopic('cut-1')).toHaveLength(1)
  }, 60_000)

  it.each(['replay.afterSend:1', 'replay.afterSend:2', 'replay.afterCommit:1', 'replay.afterCommit:3'])(
    'sends each once though it is killed: %s',
    async (crashPoint) => {
      const name = `killed-${crashPoint.replaceAll(/\W/g, '-')}`
      const environment = createCase(name).environment
      await createTopics(name)
      await write(
        `${name}-1`,
        Array.from({ length: 500 }, (_, index) => ambiguous(index)),
      )
      await catchUp(environment)
      const command = ['dead-letters', 'replay', '--reason', 'local_time_ambiguous']
      const killed = await runAdmin(command, {
        bootstrap: site.kafka.bootstrap,
        environment: { ...environment, CRASH_AT: crashPoint },
      })
      expect(killed.signal).toBe('SIGKILL')
      expect((await admin(command.join(' '), environment)).code).toBe(0)
      const inputs = await site.oracle.readTopic(`${name}-1`)
      const replayed = inputs.filter((record) => headerText(record, 'replay-of') !== undefined)
      expect(messages(replayed)).toEqual(Array.from({ length: 500 }, (_, index) => String(index)))
    },
    120_000,
  )

  it('refuses a topic that is none of INPUTS', async () => {
    const environment = createCase('refused').environment
    await createTopics('refused')
    const result = await admin('dead-letters replay --reason value_not_json --topic other', environment)
    expect(result.stderr).toBe('admin: expected a topic that the pipeline reads (refused-1, refused-2), got other\n')
    expect(result.code).toBe(2)
  }, 60_000)

  it('makes no topic where the dead letters are not', async () => {
    const environment = createCase('misspelt').environment
    const result = await admin('dead-letters replay --reason value_not_json', environment)
    expect(result.stderr).toMatch(/^admin: expected the topic misspelt-dead, found none/)
    expect(result.code).toBe(1)
    await expect(site.oracle.offsets('misspelt-dead_replays')).rejects.toThrow()
  }, 60_000)
})
