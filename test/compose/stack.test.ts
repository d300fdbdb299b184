import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createMakeStack, expectedMessages, runCommand, sortMessages, type MakeStack } from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(600_000)

const count = 60
const parts = ['zookeeper', 'kafka', 'producer', 'etl', 'reader']

describe('the Compose stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-stack-'))
  let stack: MakeStack

  const compose = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCommand('docker', ['compose', ...args], stack.environment)
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  /** How many committed logs the input topics contain, counted by Kafka's own consumer in the container. */
  const countInputs = async (): Promise<number> => {
    const consumer = ['kafka-console-consumer', '--bootstrap-server', 'localhost:9092', '--include', 'timezone.*']
    const reading = ['--from-beginning', '--isolation-level', 'read_committed', '--timeout-ms', '10000']
    const logs = await compose('exec', '-T', 'kafka', ...consumer, ...reading)
    return logs.split('\n').filter((line) => line.startsWith('{')).length
  }
  const haveRows = (rows: number): Promise<true> =>
    waitFor(() => (stack.readMessages().length >= rows ? true : undefined), {
      what: `${rows} rows in results.csv`,
      deadlineMs: 120_000,
    })

  beforeAll(async () => {
    stack = await createMakeStack(folder, {
      RUNTIME: 'docker',
      COMPOSE_PROJECT_NAME: basename(folder).toLowerCase(),
      PRODUCER_COUNT: String(count),
      PRODUCER_RATE: '20',
    })
  })

  afterAll(async () => {
    await stack.make('clean')
    await runCommand('docker', ['compose', 'down', '--rmi', 'local', '--volumes'], stack.environment)
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up, shows rows, and writes what the producer sent, once each', async () => {
    const { code, stdout, stderr } = await stack.make()
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('rows in')
    await haveRows(count)
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
    expect(await countInputs()).toBe(count)
  })

  it('shows all five parts in its logs and in `make ps`', async () => {
    const logs = await compose('logs', '--no-color')
    const { stdout } = await stack.make('ps')
    for (const part of parts) {
      expect(logs).toMatch(new RegExp(`^${part}-1 +\\| `, 'm'))
      expect(stdout).toMatch(new RegExp(`^${part}(?:-1)? +(?:running +healthy|done)`, 'm'))
    }
  })

  it('goes on after `make down` and `make`, nothing lost or repeated', async () => {
    expect(await stack.make('down')).toMatchObject({ code: 0 })
    expect(await compose('ps', '--all', '--quiet')).toBe('')
    expect(await stack.make(`PRODUCER_COUNT=${count + 20}`)).toMatchObject({ code: 0 })
    await haveRows(count + 20)
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count + 20))
  })

  it('removes data and results with `make clean`', async () => {
    const { code, stdout } = await stack.make('clean')
    expect(code).toBe(0)
    expect(stdout).toContain('results.csv')
    const project = stack.environment.COMPOSE_PROJECT_NAME ?? ''
    const { stdout: volumes } = await runCommand('docker', ['volume', 'ls', '--quiet'], {})
    expect(volumes).not.toContain(project)
    expect(stack.readMessages()).toEqual([])
  })
})
