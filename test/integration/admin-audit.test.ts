import { expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { headerText, type NewRecord } from '../support/oracle-records.js'
import { createCase, newYork } from '../support/service-case.js'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'

type Audit = {
  readonly ok: boolean
  readonly partitions: readonly Readonly<Record<string, string | number>>[]
  readonly foreign: number
  readonly faults: readonly string[]
}

withSharedBroker('the audit on a real broker', {}, (site) => {
  const admin = (commandLine: string, name: string): Promise<AdminResult> =>
    runAdmin(commandLine.split(' '), {
      bootstrap: site.kafka.bootstrap,
      environment: createCase(name, [newYork]).environment,
    })

  const log = '{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}'
  const normalized = '{"timestamp":1707145312884.548,"message":"11","time":1707217879944,"diff":1}'

  /** Ten inputs, all committed by the group; those at the `bad` offsets are not logs. */
  const createInputs = async (name: string, bad: readonly number[] = []): Promise<void> => {
    const topics = [`${name}-1`, `${name}-unified`, `${name}-dead`]
    await site.oracle.createTopics(topics.map((topic) => ({ name: topic, partitionCount: 1 })))
    await site.oracle.write(
      Array.from({ length: 10 }, (_, offset) => ({
        topic: `${name}-1`,
        partition: 0,
        value: bad.includes(offset) ? 'a log' : log,
      })),
    )
    expect((await admin('reset --to-latest --execute', name)).code).toBe(0)
  }

  const output = (name: string, offset: number, value = normalized): NewRecord => ({
    topic: `${name}-unified`,
    partition: 0,
    value,
    headers: [{ name: 'source', value: `${name}-1/0/${offset}` }],
  })

  const deadLetter = (name: string, offset: number): NewRecord => ({
    topic: `${name}-dead`,
    partition: 0,
    value: 'a log',
    headers: [
      { name: 'source', value: `${name}-1/0/${offset}` },
      { name: '__etl.errors.reason', value: 'value_not_json' },
    ],
  })

  const audit = async (name: string): Promise<{ readonly result: AdminResult; readonly audit: Audit }> => {
    const result = await admin('audit --json', name)
    return { result, audit: result.json() as Audit }
  }

  const writeOutputs = (name: string, offsets: readonly number[]): Promise<unknown> =>
    site.oracle.write(offsets.map((offset) => output(name, offset)))

  it('finds an ETL that was killed in the middle to be without a fault, and what it has not done pending', async () => {
    const { environment } = createCase('killed')
    const started = { bootstrap: site.kafka.bootstrap, environment }
    const producerEnvironment = { ...environment, PRODUCER_RATE: '0', PRODUCER_COUNT: '20000' }
    const producer = await startServiceProcess({ ...started, service: 'producer', environment: producerEnvironment })
    expect((await producer.exit).code).toBe(0)
    await site.oracle.write([{ topic: 'killed-1', partition: 0, value: 'no JSON' }])
    const untouched = await runAdmin(['audit', '--json'], started)
    expect(untouched.json()).toMatchObject({ ok: true, foreign: 0 })
    const crashing = await startServiceProcess({
      ...started,
      service: 'etl',
      environment: { ...environment, CRASH_AT: 'etl.beforeCommit:2' },
    })
    expect((await crashing.exit).signal).toBe('SIGKILL')
    const meanwhile = (await runAdmin(['audit', '--json'], started)).json() as Audit
    expect(meanwhile.faults).toEqual([])
    const sum = (field: string): number =>
      meanwhile.partitions.reduce((total, entry) => total + Number(entry[field]), 0)
    expect(sum('records')).toBe(20_001)
    expect(sum('pending')).toBeGreaterThan(0)
    const etl = await startServiceProcess({ ...started, service: 'etl' })
    await etl.waitForHttp('/ready', 200)
    await etl.terminate()
    const result = await runAdmin(['audit'], started)
    expect(result.stdout).toMatch(/^killed-1\/0 +\d+ +\d+ +1 +0 +0 +0 +0 +0 +0 +0$/m)
    expect(result.stdout).toMatch(
      /Nothing lost, nothing twice, nothing out of order, nothing different from what the steps make\.\n$/,
    )
    expect(result.code).toBe(0)
  }, 120_000)

  it('finds nothing wrong with outputs and dead letters that make up the inputs', async () => {
    await createInputs('sound', [3, 7])
    await writeOutputs('sound', [0, 1, 2, 4, 5, 6, 8, 9])
    await site.oracle.write([3, 7].map((offset) => deadLetter('sound', offset)))
    const { result, audit: found } = await audit('sound')
    expect(found).toMatchObject({ ok: true, faults: [], foreign: 0 })
    expect(found.partitions).toEqual([
      expect.objectContaining({ input: 'sound-1/0', records: 10, outputs: 8, deadLetters: 2, pending: 0, gone: 0 }),
    ])
    expect(result.code).toBe(0)
  }, 60_000)

  it.each([
    ['gap', [0, 1, 2, 5, 6, 7, 8], { lost: 3 }, '3 lost of gap-1/0: offsets 3-4, 9'],
    [
      'twice',
      [0, 1, 2, 3, 4, 5, 6, 7, 4, 8, 9],
      { duplicates: 1 },
      '1 twice of twice-1/0: twice-unified/0/8 repeats 4',
    ],
    [
      'order',
      [0, 1, 3, 2, 4, 5, 6, 7, 8, 9],
      { reordered: 1 },
      '1 out of order of order-1/0: order-unified/0/3 brings 2 after 3',
    ],
    [
      'phantom',
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12],
      { unexpected: 1 },
      '1 outputs of records that are not in phantom-1/0: offsets 12',
    ],
  ])(
    'finds an injected fault: %s',
    async (name, offsets, counts, fault) => {
      await createInputs(name)
      await writeOutputs(name, offsets)
      const { result, audit: found } = await audit(name)
      expect(found.faults).toEqual([fault])
      expect(found.partitions).toEqual([
        expect.objectContaining({ lost: 0, duplicates: 0, reordered: 0, unexpected: 0, ...counts }),
      ])
      expect(result.code).toBe(1)
      expect((await admin('audit', name)).stdout).toContain(`✗ ${fault}\n`)
    },
    60_000,
  )

  it('finds an output that the step does not make so, exit code 1', async () => {
    await createInputs('changed')
    await writeOutputs('changed', [0, 1, 2, 3, 4, 5, 6, 7, 8])
    await site.oracle.write([output('changed', 9, normalized.replace('"11"', '"12"'))])
    const { result, audit: found } = await audit('changed')
    expect(found.faults).toEqual(['1 different from what the step makes of changed-1/0: changed-unified/0/9 of 9'])
    expect(result.code).toBe(1)
  }, 60_000)

  it('takes one record as output and as dead letter for twice', async () => {
    await createInputs('both')
    await writeOutputs('both', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await site.oracle.write([deadLetter('both', 3)])
    expect((await audit('both')).audit.faults).toHaveLength(1)
    expect((await audit('both')).audit.partitions).toEqual([expect.objectContaining({ duplicates: 1 })])
  }, 60_000)

  it('looks at committed records only: an aborted output is none', async () => {
    await createInputs('aborted')
    await writeOutputs('aborted', [0, 1, 2, 3, 4])
    await site.oracle.write([output('aborted', 5)], { transactionalId: 'aborted-writer' })
    await site.oracle.endTransaction('aborted-writer', 'abort')
    await writeOutputs('aborted', [6, 7, 8, 9])
    expect((await audit('aborted')).audit.faults).toEqual(['1 lost of aborted-1/0: offsets 5'])
  }, 60_000)

  it('says that somebody else wrote to the outputs', async () => {
    await createInputs('foreign')
    await writeOutputs('foreign', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await site.oracle.write([{ topic: 'foreign-unified', partition: 0, value: 'intruder' }])
    const { result, audit: found } = await audit('foreign')
    expect(found.faults).toEqual(['1 written by somebody else: foreign-unified/0/10'])
    expect(result.code).toBe(1)
  }, 60_000)

  it('calls gone, not lost, what retention deleted of inputs or outputs', async () => {
    await createInputs('deleted')
    await writeOutputs('deleted', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await site.oracle.deleteRecords('deleted-unified', 0, 4n)
    const outputsDeleted = (await audit('deleted')).audit
    expect(outputsDeleted.faults).toEqual([])
    expect(outputsDeleted.partitions).toEqual([expect.objectContaining({ records: 10, outputs: 6, gone: 4 })])
    await site.oracle.deleteRecords('deleted-1', 0, 6n)
    const both = (await audit('deleted')).audit
    expect(both.faults).toEqual([])
    expect(both.partitions).toEqual([expect.objectContaining({ records: 4, outputs: 6, gone: 0 })])
  }, 60_000)

  it('takes a mark in the middle of an input for no record', async () => {
    await createInputs('marked')
    await site.oracle.write([{ topic: 'marked-1', partition: 0, value: log }], { transactionalId: 'marked-writer' })
    await site.oracle.endTransaction('marked-writer', 'commit')
    await writeOutputs('marked', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const { audit: found } = await audit('marked')
    expect(found.partitions).toEqual([expect.objectContaining({ records: 11, pending: 1, lost: 0 })])
    const outputs = await site.oracle.readTopic('marked-unified')
    expect(outputs.map((record) => headerText(record, 'source'))).toContain('marked-1/0/9')
  }, 60_000)
})
