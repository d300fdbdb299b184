import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { readPartState, type PartState } from '../../local/src/part-state.js'
import { createMakeStack, expectedMessages, sortMessages, type MakeStack } from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(240_000)

const count = 40
const parts = ['zookeeper', 'kafka', 'producer', 'etl-1', 'reader']

describe('the stack without Docker', () => {
  // Java's class path, properties, lists and URLs would each misread a part of this name.
  const folder = mkdtempSync(join(tmpdir(), 'local-stack josé, a:b #%41-'))
  let stack: MakeStack

  const stateOf = (part: string): PartState => {
    const state = readPartState(join(folder, 'data', 'run'), part)
    if (!state) throw new Error(`expected ${part} to have a state`)
    return state
  }
  // Every process of the stack has the folder in its command line or environment.
  const findProcesses = (): string[] =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(folder, 'data'))
      } catch {
        return false
      }
    })
  const haveAllRows = (): Promise<true> =>
    waitFor(() => (stack.readMessages().length >= count ? true : undefined), {
      what: `${count} rows in results.csv`,
      deadlineMs: 60_000,
    })

  beforeAll(async () => {
    const settings = {
      RUNTIME: 'local',
      LC_ALL: 'C',
      PRODUCER_COUNT: String(count),
      PRODUCER_RATE: '20',
      UP_SECONDS: '90',
    }
    stack = await createMakeStack(folder, settings)
  })

  afterAll(async () => {
    await stack.make('clean')
    rmSync(folder, { recursive: true, force: true })
  })

  it('says which port is taken, and by which setting to change it', async () => {
    const server = createServer().listen(Number(stack.environment.KAFKA_PORT), '127.0.0.1')
    await once(server, 'listening')
    const { code, stderr } = await stack.make()
    server.close()
    expect(code).not.toBe(0)
    expect(stderr).toContain(`Port ${stack.environment.KAFKA_PORT} for kafka is taken by another program`)
    expect(stderr).toContain('KAFKA_PORT=')
  })

  it('comes up, shows rows, and writes every log once', async () => {
    const { code, stdout, stderr } = await stack.make()
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('\ntimestamp,message,time,diff\n')
    await haveAllRows()
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
  })

  it('takes a second `make` without harm', async () => {
    const before = parts.filter((part) => part !== 'producer').map((part) => stateOf(part).child)
    expect(await stack.make()).toMatchObject({ code: 0 })
    expect(parts.filter((part) => part !== 'producer').map((part) => stateOf(part).child)).toEqual(before)
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
  })

  it('shows every part in `make ps`', async () => {
    const { stdout } = await stack.make('ps')
    for (const part of ['zookeeper', 'kafka', 'etl-1', 'reader']) {
      expect(stdout).toMatch(new RegExp(`^${part} +running +healthy`, 'm'))
    }
  })

  it('starts a killed ETL again', async () => {
    const { child } = stateOf('etl-1')
    if (!child) throw new Error('expected the ETL to run')
    process.kill(child.pid, 'SIGKILL')
    await waitFor(
      async () => {
        const { stdout } = await stack.make('ps')
        return stateOf('etl-1').child?.pid !== child.pid && /^etl-1 +running +healthy/m.test(stdout) ? true : undefined
      },
      { what: 'a new and healthy ETL', deadlineMs: 60_000, everyMs: 500 },
    )
  })

  it('leaves no process behind, not even a child whose supervisor was killed', async () => {
    process.kill(stateOf('reader').supervisor.pid, 'SIGKILL')
    expect(await stack.make('down')).toMatchObject({ code: 0 })
    expect(findProcesses()).toEqual([])
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
  })

  it('goes on from its data, nothing lost or repeated, and `make clean` removes that', async () => {
    expect(await stack.make(`PRODUCER_COUNT=${count + 10}`)).toMatchObject({ code: 0 })
    await waitFor(() => (stack.readMessages().length >= count + 10 ? true : undefined), {
      what: 'the rows of ten more logs',
      deadlineMs: 60_000,
    })
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count + 10))
    const { stdout } = await stack.make('clean')
    expect(stdout).toContain('results.csv')
    expect(findProcesses()).toEqual([])
    expect(stack.readMessages()).toEqual([])
  })
})
