import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import {
  createMakeStack,
  expectedMessages,
  readConsole,
  runCommand,
  sortMessages,
  type MakeStack,
} from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(600_000)

const count = 30

describe('the Compose stack with SECURE=1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-secure-'))
  let stack: MakeStack
  beforeAll(async () => {
    stack = await createMakeStack(folder, {
      RUNTIME: 'docker',
      COMPOSE_PROJECT_NAME: basename(folder).toLowerCase(),
      PRODUCER_COUNT: String(count),
      PRODUCER_RATE: '20',
    })
  })
  afterAll(async () => {
    await stack.make('clean', 'SECURE=1')
    await runCommand('docker', ['compose', 'down', '--rmi', 'local', '--volumes'], stack.environment)
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up and writes every log once', async () => {
    const { code, stderr } = await stack.make('up', 'SECURE=1')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    await waitFor(() => stack.readMessages().length >= count, { what: `${count} rows`, deadlineMs: 120_000 })
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
  })

  it('serves the console, which may read all of it', async () => {
    expect(await readConsole(stack, '/')).toContain('<title>kafka-etl console</title>')
    const page = JSON.parse(await readConsole(stack, '/api/records?topic=unified_timestamps')) as { records: unknown[] }
    expect(page.records).toHaveLength(count)
    expect(await readConsole(stack, '/api/groups')).toContain('"id":"etl"')
  })

  it('lets no service reach ZooKeeper, neither by its name nor by its address', async () => {
    const compose = (...args: string[]): ReturnType<typeof runCommand> =>
      runCommand('docker', ['compose', ...args], stack.environment)
    const container = (await compose('ps', '--quiet', 'zookeeper')).stdout.trim()
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
    const address = (await runCommand('docker', ['inspect', '--format', format, container], {})).stdout.trim()
    for (const host of ['zookeeper', address]) {
      const attack = `require('node:net').connect({ host: '${host}', port: 2181 }).once('connect', () => process.exit(0)).once('error', () => process.exit(7)).setTimeout(3000, () => process.exit(7))`
      expect(await compose('exec', '-T', 'etl', 'node', '-e', attack)).toMatchObject({ code: 7 })
    }
    expect(address).toMatch(/^\d+\./)
  })

  it('lets nobody do anything who has no user, not even inside the broker’s container', async () => {
    const list = [
      'exec',
      '-T',
      'kafka',
      'timeout',
      '20',
      'kafka-topics',
      '--list',
      '--bootstrap-server',
      '127.0.0.1:9093',
    ]
    const { stdout } = await runCommand('docker', ['compose', ...list], stack.environment)
    expect(stdout.trim()).toBe('')
  })
})
