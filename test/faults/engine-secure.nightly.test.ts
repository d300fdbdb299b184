import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { resolveJars } from '../support/jars.js'
import { listEnginePermissions, sumPermissions } from '../support/engine-permissions.js'
import { createMakeStack, runCommand, type MakeStack } from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(400_000)

const guide = [0, 1, 3, 6, 10, 15, 21, 28, 36, 45]
/** Each sum is inserted, and deleted when the next one comes. */
const changes = [...guide.map((sum) => `${sum}:1`), ...guide.slice(0, -1).map((sum) => `${sum}:-1`)].toSorted()

type Job = { readonly jid: string; readonly name: string; readonly state: string }

describe('a pipeline with jobs, with SECURE=1 and without Docker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-engine josé, a:b #%41-'))
  const secure = join(folder, 'data', 'secure')
  let stack: MakeStack

  const flink = async <T>(path: string): Promise<T> =>
    (await (await fetch(`http://127.0.0.1:${stack.environment.ENGINE_PORT}${path}`)).json()) as T
  const findJob = async (): Promise<Job | undefined> =>
    (await flink<{ jobs: readonly Job[] }>('/jobs/overview')).jobs.find(({ state }) => state === 'RUNNING')
  const readChanges = (): readonly string[] => {
    const rows = readFileSync(join(folder, 'results', 'connector', 'sum.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    return rows.map((row) => row.split(',')).map(([sum, , diff]) => `${sum}:${diff}`)
  }
  const zookeeperShell = async (user: 'client' | 'flink', ...args: string[]): Promise<string> => {
    const jars = await resolveJars('3.9')
    chmodSync(jars, 0o755)
    const place = { cwd: join(folder, 'data') }
    const command = ['-Xmx64m', '-cp', `${jars}/*`, 'org.apache.zookeeper.ZooKeeperMain']
    const server = ['-server', `127.0.0.1:${stack.environment.ZOOKEEPER_PORT}`, ...args]
    const jaas = readFileSync(join(secure, `zookeeper-${user}.jaas`), 'utf8')
    // By the same class under Kafka's name instead of Flink's.
    writeFileSync(join(secure, 'test.jaas'), jaas.replace('org.apache.flink.shaded.zookeeper3.', ''))
    const asUser = '-Djava.security.auth.login.config=secure/test.jaas'
    const { stdout, stderr } = await runCommand('java', [asUser, ...command, ...server], { LC_ALL: 'C.UTF-8' }, place)
    return stdout + stderr
  }

  beforeAll(async () => {
    stack = await createMakeStack(folder, { RUNTIME: 'local', LC_ALL: 'C', PIPELINE: 'connector', CONSOLE: '0' })
  })
  afterAll(async () => {
    await stack.make('clean')
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up, and its jobs compute', async () => {
    const { code, stderr, stdout } = await stack.make('up', 'SECURE=1', 'UP_SECONDS=240')
    expect({ code, stderr, stdout }).toMatchObject({ code: 0 })
    await waitFor(() => readChanges().length >= changes.length || undefined, { what: 'the rows', deadlineMs: 60_000 })
    expect(readChanges().toSorted()).toEqual(changes)
  })

  it('hands Flink’s password to nobody: not in its answers, its logs, its state, nor in a command line', async () => {
    const job = await waitFor(findJob, { what: 'the job', deadlineMs: 60_000 })
    const answers = await Promise.all(
      ['/jobmanager/config', `/jobs/${job.jid}`, `/jobs/${job.jid}/config`, `/jobs/${job.jid}/plan`].map(flink),
    )
    const { stdout: commands } = await runCommand('ps', ['-eo', 'args'], {})
    const data = join(folder, 'data')
    const files = ['log', 'engine', 'config'].flatMap((part) =>
      readdirSync(join(data, part), { recursive: true, encoding: 'utf8' }).map((name) => join(data, part, name)),
    )
    const texts = files.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile()).map(readIfThere)
    expect(texts.length).toBeGreaterThan(10)
    for (const password of [readFileSync(join(secure, 'engine.password'), 'utf8'), zookeeperPassword()]) {
      expect(password.length).toBeGreaterThan(20)
      for (const text of [JSON.stringify(answers), commands, ...texts]) expect(text.includes(password)).toBe(false)
    }
  })

  const readIfThere = (file: string): string => {
    try {
      return readFileSync(file, 'latin1')
    } catch {
      // The checkpoint has been replaced meanwhile.
      return ''
    }
  }
  const zookeeperPassword = (): string =>
    /password="([^"]+)"/.exec(readFileSync(join(secure, 'zookeeper-flink.jaas'), 'utf8'))?.[1] ?? ''

  it('keeps Flink’s notes in ZooKeeper to Flink, and Kafka’s from Flink', async () => {
    expect(await zookeeperShell('flink', 'getAcl', '/flink/connector')).toMatch(/'sasl,'flink\n: cdrwa/)
    const denied = /NoAuth|Insufficient permission/
    expect(await zookeeperShell('client', 'ls', '/flink/connector')).toMatch(denied)
    expect(await zookeeperShell('flink', 'create', '/config/users/mine', '{}')).toMatch(denied)
  })

  it('keeps Flink’s state to its owner', () => {
    expect(statSync(join(folder, 'data', 'engine')).mode & 0o077).toBe(0)
  })

  it('lets the engine do what its jobs need, and nothing else', async () => {
    expect(await listEnginePermissions(stack)).toEqual(sumPermissions)
  })

  it('goes back to a stack without SECURE, and to one with it again, without a row more or less', async () => {
    for (const mode of ['SECURE=0', 'SECURE=1']) {
      const before = await waitFor(findJob, { what: 'the job' })
      const { code, stderr, stdout } = await stack.make('up', mode, 'UP_SECONDS=240')
      expect({ mode, code, stderr, stdout }).toMatchObject({ code: 0 })
      const after = await waitFor(findJob, { what: `the job with ${mode}`, deadlineMs: 60_000 })
      expect(after.jid).not.toBe(before.jid)
      expect({ mode, rows: readChanges().toSorted() }).toEqual({ mode, rows: changes })
    }
  })
})
