import { describe, expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { findFreePort } from '@kafka-etl/local/broker'
import { createCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'

type Environment = Readonly<Record<string, string>>
type Checks = { readonly ok: boolean; readonly checks: readonly { name: string; status: string; message: string }[] }

const validLog = '{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}'

withBroker('the admin commands on a real broker', {}, (site) => {
  const admin = (commandLine: string, environment: Environment): Promise<AdminResult> =>
    runAdmin(commandLine.split(' '), { bootstrap: site.kafka.bootstrap, environment })

  const createTopics = async (name: string, settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    await site.oracle.createTopics([
      { name: `${name}-1`, partitionCount: 1 },
      { name: `${name}-2`, partitionCount: 1 },
      { name: `${name}-unified`, partitionCount: 2, settings },
      { name: `${name}-dead`, partitionCount: 2, settings },
    ])
  }

  const write = (topic: string, count: number, timestampMs?: number): Promise<unknown> =>
    site.oracle.write(
      Array.from({ length: count }, () => ({
        topic,
        partition: 0,
        value: validLog,
        ...(timestampMs === undefined ? {} : { timestampMs }),
      })),
    )

  const startEtl = async (environment: Environment): Promise<ServiceProcess> => {
    const etl = await startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })
    await etl.waitForHttp('/ready', 200)
    return etl
  }

  const statusOf = (result: AdminResult, name: string): readonly string[] =>
    (result.json() as Checks).checks.filter((check) => check.name === name).map(({ status }) => status)

  describe('doctor', () => {
    it('finds all well while an ETL runs, and tells release and members', async () => {
      const environment = createCase('healthy').environment
      const etl = await startEtl(environment)
      const result = await admin('doctor', environment)
      const release = { '3.9': '3.9', '4.1': '4.1 or later' }[site.kafka.flavour]
      expect(result.stdout).toContain(`ok    broker: Kafka ${release} answers at `)
      expect(result.stdout).toMatch(/^ok {4}group: healthy-etl is stable, etl-\S+ .*: healthy-1\/0, healthy-2\/0$/m)
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(result.stdout).toMatch(/All is well\.\n$/)
      await etl.terminate()
      expect(statusOf(await admin('doctor --json', environment), 'group')).toEqual(['warn'])
    }, 60_000)

    it('fails where topics are missing or too small, and creates none', async () => {
      const environment = createCase('bare').environment
      await site.oracle.createTopics([
        { name: 'bare-1', partitionCount: 3 },
        { name: 'bare-unified', partitionCount: 2 },
      ])
      const result = await admin('doctor --json', environment)
      expect(result.code).toBe(1)
      const { ok, checks } = result.json() as Checks
      expect(ok).toBe(false)
      expect(checks.filter(({ status }) => status === 'fail').map(({ message }) => message)).toEqual([
        'bare-2 is missing, or this user may not see it',
        'bare-dead is missing, or this user may not see it',
        'bare-unified has 2 partitions, expected 5: one for each input partition',
      ])
      expect(statusOf(await admin('doctor --json', environment), 'topics')).toEqual(['fail', 'fail', 'ok', 'fail'])
    }, 60_000)

    it.each([
      ['after', 'ahead of'],
      ['before', 'behind'],
    ])(
      'warns of output topics that take no records from %s their time',
      async (side, direction) => {
        const environment = createCase(`strict-${side}`).environment
        const settings = { [`message.timestamp.${side}.max.ms`]: '60000' }
        await createTopics(`strict-${side}`, settings)
        const strict = await admin('doctor', environment)
        expect(strict.stdout).toMatch(
          new RegExp(
            `^warn {2}topics: strict-${side}-unified has 2 partitions, and refuses records stamped more than 60000 ms ${direction} .*\\n.*--entity-name strict-${side}-unified --add-config message\\.timestamp\\.${side}\\.max\\.ms=9223372036854775807$`,
            'm',
          ),
        )
        expect(statusOf(await admin('doctor --json', environment), 'topics')).toEqual(['ok', 'ok', 'warn', 'warn'])
      },
      60_000,
    )

    it('warns of a transaction that holds back what comes after it', async () => {
      const environment = createCase('hanging').environment
      await createTopics('hanging')
      await site.oracle.write([{ topic: 'hanging-1', partition: 0, value: validLog }], { transactionalId: 'forgetful' })
      const hanging = await admin('doctor', environment)
      expect(hanging.stdout).toMatch(/^warn {2}transactions: one has been open .* in hanging-1\/0 at offset 0/m)
      await site.oracle.endTransaction('forgetful', 'commit')
      expect(statusOf(await admin('doctor --json', environment), 'transactions')).toEqual(['ok'])
    }, 60_000)
  })

  describe('lag', () => {
    it('counts records and seconds, and no marks of transactions', async () => {
      const environment = createCase('lagging').environment
      await createTopics('lagging')
      await write('lagging-1', 7, Date.now() - 90_000)
      await site.oracle.write([{ topic: 'lagging-2', partition: 0, value: validLog }], {
        transactionalId: 'lagging-writer',
      })
      await site.oracle.endTransaction('lagging-writer', 'commit')
      const behind = (await admin('lag --json', environment)).json() as { records: number; seconds: number }
      expect(behind.records).toBe(8)
      expect(behind.seconds).toBeGreaterThanOrEqual(90)
      expect(behind.seconds).toBeLessThan(150)
      expect((await admin('lag', environment)).stdout).toMatch(/^lagging-2\/0 +- +2 +1 +\d/m)

      expect((await admin('reset --to-latest --execute', environment)).code).toBe(0)
      await site.oracle.write([{ topic: 'lagging-2', partition: 0, value: validLog }], {
        transactionalId: 'lagging-writer',
      })
      await site.oracle.endTransaction('lagging-writer', 'abort')
      const drained = await admin('lag', environment)
      expect(drained.stdout).toMatch(/^lagging-2\/0 +2 +4 +0 +0 +0$/m)
      expect(drained.stdout).toMatch(/The group lagging-etl has caught up\.\n$/)
    }, 60_000)
  })

  describe('reset', () => {
    it('changes nothing without --execute, moves to offsets and times with it', async () => {
      const environment = createCase('moved').environment
      await createTopics('moved')
      await write('moved-1', 5, Date.parse('2024-02-05T10:00:00Z'))
      await write('moved-1', 5, Date.parse('2024-02-05T12:00:00Z'))
      expect((await admin('reset --to-offset 3 --topic moved-1', environment)).stdout).toMatch(
        /^moved-1\/0 +- +3 +sets the first offset\nDry run, nothing was changed/m,
      )
      expect(await site.oracle.groupOffsets('moved-etl')).toEqual([])
      expect((await admin('reset --to-offset 3 --topic moved-1 --execute', environment)).code).toBe(0)
      expect(await site.oracle.groupOffsets('moved-etl')).toEqual([{ topic: 'moved-1', partition: 0, offset: 3n }])
      const toTime = await admin('reset --to-time 2024-02-05T06:00:00-05:00 --execute', environment)
      expect(toTime.stdout).toMatch(/^moved-1\/0 +3 +5 +2 offsets left out: their outputs will be missing$/m)
      const offsets = await site.oracle.groupOffsets('moved-etl')
      expect(offsets.map(({ topic, offset }) => `${topic} ${offset}`).sort()).toEqual(['moved-1 5', 'moved-2 0'])
    }, 60_000)

    it('refuses while the group has members, and names them', async () => {
      const environment = createCase('busy').environment
      const etl = await startEtl(environment)
      const refused = await admin('reset --to-earliest --execute', environment)
      expect(refused.code).toBe(1)
      expect(refused.stderr).toMatch(
        /expected the group busy-etl to have no member, got 1: etl-\S+ .*: busy-1\/0, busy-2\/0/,
      )
      expect((await admin('reset --to-earliest', environment)).stdout).toMatch(
        /Before --execute, stop the ETL: etl-\S+/,
      )
      await etl.terminate()
      expect((await admin('reset --to-earliest --execute', environment)).code).toBe(0)
    }, 60_000)
  })

  describe('wrong use', () => {
    it.each([
      ['', /Usage: npm run admin --/],
      ['frobnicate', /unknown command 'frobnicate'/],
      ['lag --frobnicate', /unknown option '--frobnicate'/],
      ['lag superfluous', /Expected 0 arguments but got 1/],
      ['reset', /expected one of --to-offset, .* got none/],
      ['reset --to-offset -3', /Expected an offset \(a whole number from 0\), got "-3"/],
      ['reset --to-time 2024-02-05T10:00:00', /Expected a time such as .*, got "2024-02-05T10:00:00"/],
      ['reset --to-earliest --to-latest', /got --to-earliest and --to-latest/],
      ['dead-letters show 17', /Expected <partition>\/<offset>, such as 0\/17, got "17"/],
      ['dead-letters list --limit 0', /Expected a whole number from 1 to 99999, got "0"/],
      ['dead-letters replay', /required option '--reason <reasons...>'/],
      ['dead-letters replay --reason nonsense', /expected a reason \(.*value_empty, .*\), got nonsense/],
    ])('%s: a sentence on stderr, exit code 2', async (commandLine, sentence) => {
      const result = await runAdmin(commandLine === '' ? [] : commandLine.split(' '), {
        bootstrap: site.kafka.bootstrap,
      })
      expect(result.stderr).toMatch(sentence)
      expect(result).toMatchObject({ code: 2, stdout: '' })
    })

    it('wrong settings: all of them, exit code 2', async () => {
      const result = await admin('lag', { INPUTS: 'nonsense', ETL_GROUP: 'x' })
      expect(result.stderr).toMatch(/ETL_GROUP: no such setting; did you mean ETL_GROUP_ID\?/)
      expect(result.stderr).toMatch(/INPUTS: expected topic=IANA zone/)
      expect(result.code).toBe(2)
    })

    it('topics that are not there: a sentence, exit code 1', async () => {
      const environment = createCase('absent').environment
      for (const command of ['lag', 'audit', 'dead-letters list', 'reset --to-latest']) {
        const result = await admin(command, environment)
        expect(result.stderr).toMatch(/expected the topic absent-\S+.*found none/)
        expect(result.code).toBe(1)
      }
    }, 60_000)

    it('nobody at KAFKA_BROKERS: a sentence, exit code 1', async () => {
      const bootstrap = `127.0.0.1:${await findFreePort()}`
      const result = await runAdmin(['lag'], { bootstrap })
      expect(result.stderr).toMatch(/^admin: expected Kafka at 127\.0\.0\.1:\d+ within 5 s, got: .*\n$/)
      expect(result.code).toBe(1)
      const doctor = await runAdmin(['doctor', '--json'], { bootstrap })
      expect(doctor.code).toBe(1)
      expect(statusOf(doctor, 'broker')).toEqual(['fail'])
    }, 60_000)

    it('a broker that hangs: a sentence, exit code 1', async () => {
      site.kafka.broker.pause()
      try {
        const result = await runAdmin(['lag'], { bootstrap: site.kafka.bootstrap })
        expect(result.stderr).toMatch(/expected Kafka at \S+ within 5 s, got: connected, but no answer/)
        expect(result.code).toBe(1)
      } finally {
        site.kafka.broker.resume()
      }
    }, 60_000)
  })
})

withBroker('the admin commands on Kafka 4.1 with KRaft', { flavour: '4.1' }, (site) => {
  it('find all well while an ETL runs', async () => {
    const { bootstrap } = site.kafka
    const environment = createCase('raft').environment
    const etl = await startServiceProcess({ service: 'etl', bootstrap, environment })
    await etl.waitForHttp('/ready', 200)
    const doctor = await runAdmin(['doctor'], { bootstrap, environment })
    expect(doctor.stdout).toMatch(/^ok {4}broker: Kafka 4\.1 or later answers at /m)
    expect(doctor.stdout).toMatch(/All is well\.\n$/)
    await etl.terminate()
    const reset = await runAdmin(['reset', '--to-earliest', '--execute'], { bootstrap, environment })
    expect(reset.code).toBe(0)
    expect((await runAdmin(['audit'], { bootstrap, environment })).code).toBe(0)
  }, 120_000)
})
