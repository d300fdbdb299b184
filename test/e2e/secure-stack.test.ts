import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { brokerUsers } from '../../local/src/secure/credentials.js'
import { resolveJars } from '../support/jars.js'
import {
  createMakeStack,
  expectedMessages,
  readConsole,
  runCommand,
  sortMessages,
  type MakeResult,
  type MakeStack,
} from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(240_000)

const count = 30

describe('the stack with SECURE=1, without Docker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-stack josé, a:b #%41-'))
  const secure = join(folder, 'data', 'secure')
  let stack: MakeStack
  beforeAll(async () => {
    stack = await createMakeStack(folder, {
      RUNTIME: 'local',
      LC_ALL: 'C',
      PRODUCER_COUNT: String(count),
      PRODUCER_RATE: '50',
    })
  })
  afterAll(async () => {
    await stack.make('clean')
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up and writes every log once', async () => {
    const { code, stdout, stderr } = await stack.make('up', 'SECURE=1')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('\ntimestamp,message,time,diff\n')
    await waitFor(() => stack.readMessages().length >= count, { what: `${count} rows` })
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
  })

  it('serves the console, which may read all of it', async () => {
    expect(await readConsole(stack, '/')).toContain('<title>kafka-etl console</title>')
    const page = JSON.parse(await readConsole(stack, '/api/records?topic=unified_timestamps')) as { records: unknown[] }
    expect(page.records).toHaveLength(count)
    expect(await readConsole(stack, '/api/groups')).toContain('"id":"etl"')
  })

  it('keeps its secrets to their owner, and out of its logs', () => {
    expect(statSync(secure).mode & 0o777).toBe(0o700)
    const passwords = readdirSync(secure).filter((file) => file.endsWith('.password'))
    expect(passwords).toHaveLength(brokerUsers.length + ['registry'].length)
    for (const file of passwords) {
      expect(statSync(join(secure, file)).mode & 0o777).toBe(0o600)
      const password = readFileSync(join(secure, file), 'utf8')
      for (const log of readdirSync(join(folder, 'data', 'log'))) {
        expect(readFileSync(join(folder, 'data', 'log', log), 'utf8')).not.toContain(password)
      }
    }
  })

  describe('its ZooKeeper, which keeps users and ACLs,', () => {
    const ask = (mainClass: string, args: readonly string[], options: readonly string[] = []): Promise<MakeResult> =>
      runCommand('java', ['-Xmx64m', ...options, '-cp', `${jars}/*`, mainClass, ...args], {}, attacker)
    const zookeeper = (): string => `127.0.0.1:${stack.environment.ZOOKEEPER_PORT}`
    const shell = 'org.apache.zookeeper.ZooKeeperMain'
    // Another user of the machine, if this user may switch to one.
    const attacker = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    let jars: string
    beforeAll(async () => {
      jars = await resolveJars('3.9')
      chmodSync(jars, 0o755)
    })

    it('lets nobody make himself super user by kafka-configs', async () => {
      const { code, stdout, stderr } = await ask('kafka.admin.ConfigCommand', [
        ...['--zookeeper', zookeeper(), '--alter', '--entity-type', 'users', '--entity-name', 'admin'],
        ...['--add-config', 'SCRAM-SHA-512=[password=mine]'],
      ])
      expect(code).not.toBe(0)
      expect(stdout).not.toContain('Completed')
      expect(stderr).toMatch(/SessionClosedRequireAuth|NoAuth|AuthFailed/)
    })

    it('answers nobody in a shell', async () => {
      const { stdout, stderr } = await ask(shell, ['-server', zookeeper(), 'ls', '/config/users'])
      expect(stderr).toContain('client failed to authenticate')
      expect(stdout).not.toContain('admin')
    })

    it('has nodes that belong to Kafka', async () => {
      const config = join(secure, 'zookeeper-client.jaas')
      const { stdout } = await runCommand(
        'java',
        [
          '-Djava.security.auth.login.config=secure/zookeeper-client.jaas',
          '-cp',
          `${jars}/*`,
          shell,
          '-server',
          zookeeper(),
          'getAcl',
          '/brokers/topics',
        ],
        { LC_ALL: 'C.UTF-8' },
        { cwd: dirname(dirname(config)) },
      )
      expect(stdout).toMatch(/'sasl,'kafka\n: cdrwa/)
    })

    it('keeps its data, and the broker its records, from other users of the machine', () => {
      for (const part of ['zookeeper', 'kafka']) expect(statSync(join(folder, 'data', part)).mode & 0o077).toBe(0)
    })
  })

  it('gives the operator Kafka’s own tools', async () => {
    const { code, stdout } = await stack.make(
      'kafka-tool',
      'SECURE=1',
      'TOOL=kafka-topics',
      'ARGS=--list --exclude-internal',
    )
    expect({ code, topics: stdout.trim().split('\n').toSorted() }).toEqual({
      code: 0,
      topics: ['dead_letters', 'timezone1', 'timezone2', 'unified_timestamps'],
    })
  })

  it('lets nobody in who has no user', async () => {
    const broker = { ...stack.environment, KAFKA_BROKERS: `localhost:${stack.environment.KAFKA_PORT}` }
    const { code, stderr } = await runCommand('npm', ['run', '--silent', 'admin', '--', 'lag'], broker)
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KAFKA_SSL: expected true') as unknown,
    })
  })

  it('takes a second `make`, and `make ps` without SECURE', async () => {
    expect(await stack.make('up', 'SECURE=1')).toMatchObject({ code: 0 })
    expect((await stack.make('ps')).stdout).toMatch(/^kafka +running +healthy/m)
  })
})
