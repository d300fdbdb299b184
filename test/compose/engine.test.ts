import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createMakeStack, runCommand, type MakeStack } from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(600_000)

/**
 * Sum and difference of each row after this many commits of the sample, which repeats 0 to 9. A 0 does not change the
 * sum.
 */
const changesOf = (commits: number): string[] => {
  const rows = ['0,1']
  let sum = 0
  for (let commit = 1; commit < commits; commit += 1) {
    const value = commit % 10
    if (value > 0) rows.push(`${sum},-1`, `${sum + value},1`)
    sum += value
  }
  return rows
}

describe('the engine in the Compose stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-engine-'))
  let stack: MakeStack

  const compose = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCommand('docker', ['compose', ...args], stack.environment)
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const readChanges = (): string[] => {
    try {
      const rows = readFileSync(join(folder, 'results', 'connector', 'sum.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
      return rows.map((row) => row.replace(/,\d+,/, ','))
    } catch {
      return []
    }
  }
  const haveChanges = (rows: number): Promise<true> =>
    waitFor(() => readChanges().length >= rows || undefined, { what: `${rows} rows of the sum`, deadlineMs: 180_000 })

  beforeAll(async () => {
    stack = await createMakeStack(folder, {
      RUNTIME: 'docker',
      COMPOSE_PROJECT_NAME: basename(folder).toLowerCase(),
      COMPOSE_PROFILES: 'engine',
      PRODUCER_RATE: '5',
      UP_SECONDS: '300',
    })
  })

  afterAll(async () => {
    await stack.make('clean')
    await runCommand('docker', ['compose', 'down', '--rmi', 'local', '--volumes'], stack.environment)
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up with its job, and sums', async () => {
    const { code, stderr } = await stack.make('PIPELINE=connector')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stderr).toContain('COMPOSE_PROFILES=engine PIPELINE=connector docker compose up -d --build')
    expect((await stack.make('ps')).stdout).toMatch(/^job running-sum +running +healthy/m)
    await haveChanges(19)
    expect(readChanges()).toEqual(changesOf(10))
  })

  it('is hardened as the rest is, and its gateway has ended', async () => {
    const containers = (await compose('ps', '--quiet', 'jobmanager', 'taskmanager', 'engine')).trim().split('\n')
    expect(containers).toHaveLength(3)
    const format =
      '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{gt .HostConfig.Memory 0}}'
    const { stdout } = await runCommand('docker', ['inspect', '--format', format, ...containers], {})
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['9999:9999 true [ALL] [no-new-privileges:true] true']))
    expect(await compose('top', 'engine')).not.toContain('SqlGateway')
  })

  it('goes on where it was after the kill of its parts, and after `make down` and `make`', async () => {
    await compose('kill', '--signal', 'KILL', 'jobmanager', 'taskmanager', 'engine')
    expect(await stack.make('down')).toMatchObject({ code: 0 })
    expect(await stack.make('PIPELINE=connector', 'PRODUCER_COUNT=20')).toMatchObject({ code: 0 })
    await haveChanges(37)
    expect(readChanges()).toEqual(changesOf(20))
  })
})
