import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { listEnginePermissions, sumPermissions } from '../support/engine-permissions.js'
import { createMakeStack, runCommand, type MakeStack } from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(600_000)

const guide = [0, 1, 3, 6, 10, 15, 21, 28, 36, 45]
/** Each sum comes, and goes when the next one comes. */
const changes = guide.flatMap((sum, index) => (index === 0 ? [`${sum},1`] : [`${guide[index - 1]},-1`, `${sum},1`]))
const parts = ['jobmanager', 'taskmanager', 'engine']

describe('a pipeline with jobs, with SECURE=1 in Docker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-secure-engine-'))
  const secure = join(folder, 'data', 'secure')
  let stack: MakeStack

  const compose = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCommand('docker', ['compose', ...args], stack.environment)
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')}: ${stderr}`)
    return stdout + stderr
  }
  const listContainers = async (...names: string[]): Promise<readonly string[]> =>
    (await compose('ps', '--quiet', ...names)).trim().split('\n')
  const inspect = async (format: string, ...containers: readonly string[]): Promise<string> =>
    (await runCommand('docker', ['inspect', '--format', format, ...containers], {})).stdout
  const flink = async <T>(path: string): Promise<T> =>
    (await (await fetch(`http://127.0.0.1:${stack.environment.ENGINE_PORT}${path}`)).json()) as T
  const findJob = async (): Promise<string | undefined> => {
    type Jobs = { readonly jobs: readonly { readonly jid: string; readonly state: string }[] }
    return (await flink<Jobs>('/jobs/overview')).jobs.find(({ state }) => state === 'RUNNING')?.jid
  }
  const readChanges = (): string[] => {
    try {
      const text = readFileSync(join(folder, 'results', 'connector', 'sum.csv'), 'utf8')
      const rows = text.trim().split('\n').slice(1)
      return rows.map((row) => row.replace(/,\d+,/, ','))
    } catch {
      return []
    }
  }
  const haveChanges = (): Promise<true> =>
    waitFor(() => readChanges().length >= changes.length || undefined, { what: 'the rows', deadlineMs: 120_000 })
  /** Goes to ZooKeeper as Kafka or Flink, from a container that is in its network. */
  const zookeeperShell = async (user: 'client' | 'flink' | undefined, ...args: string[]): Promise<string> => {
    const [kafka = ''] = await listContainers('kafka')
    const name = `zookeeper-${user ?? 'nobody'}.jaas`
    if (user !== undefined) {
      // By the class that Flink has under another name.
      const jaas = readFileSync(join(secure, name), 'utf8').replace('org.apache.flink.shaded.zookeeper3.', '')
      await compose('exec', '-T', 'kafka', 'sh', '-c', 'printf %s "$1" >"$2"', 'sh', jaas, `/tmp/${name}`)
    }
    const option = user === undefined ? [] : [`-Djava.security.auth.login.config=/tmp/${name}`]
    const program = ['-cp', '/usr/share/java/kafka/*', 'org.apache.zookeeper.ZooKeeperMain']
    const server = ['-server', 'zookeeper:2181']
    const call = [
      'exec',
      '-e',
      'KAFKA_OPTS=',
      kafka,
      'timeout',
      '30',
      'java',
      '-Xmx64m',
      ...option,
      ...program,
      ...server,
    ]
    const { stdout, stderr } = await runCommand('docker', [...call, ...args], {})
    return stdout + stderr
  }

  beforeAll(async () => {
    stack = await createMakeStack(folder, {
      RUNTIME: 'docker',
      COMPOSE_PROJECT_NAME: basename(folder).toLowerCase(),
      PIPELINE: 'connector',
      ENGINE: '1',
      CONSOLE: '0',
      UP_SECONDS: '300',
    })
  })
  afterAll(async () => {
    await stack.make('clean', 'SECURE=1')
    await runCommand('docker', ['compose', '--profile', '*', 'down', '--rmi', 'local', '--volumes'], stack.environment)
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up, and its jobs compute', async () => {
    const { code, stderr, stdout } = await stack.make('up', 'SECURE=1')
    expect({ code, stderr, stdout }).toMatchObject({ code: 0 })
    await haveChanges()
    expect(readChanges()).toEqual(changes)
    expect(changes).toHaveLength(19)
  })

  it('lists its jobs for `admin jobs list`', async () => {
    const { code, stdout } = await runCommand('npm', ['run', '--silent', 'admin', '--', 'jobs', 'list'], {
      ...stack.environment,
      ENGINE_STATE_DIR: folder,
    })
    expect({ code, stdout }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/running-sum.*running/i)
  })

  it('is hardened as the rest is, and reached on 127.0.0.1 alone', async () => {
    const containers = await listContainers(...parts)
    expect(containers).toHaveLength(3)
    const format =
      '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{gt .HostConfig.Memory 0}}'
    const hardened = (await inspect(format, ...containers)).trim().split('\n')
    expect(new Set(hardened)).toEqual(new Set(['9999:9999 true [ALL] [no-new-privileges:true] true']))
    const bindings = await inspect('{{json .HostConfig.PortBindings}}', ...containers)
    expect([...bindings.matchAll(/"HostIp":"([^"]*)"/g)].map(([, address]) => address)).toEqual(
      Array.from({ length: 2 }, () => '127.0.0.1'),
    )
  })

  it('hands its passwords to nobody: not in its answers, logs, state and settings, nor in a command line or an image', async () => {
    const job = await waitFor(findJob, { what: 'the job', deadlineMs: 60_000 })
    const pages = ['/jobmanager/config', '/jobmanager/environment', `/jobs/${job}`, `/jobs/${job}/config`]
    const answers = await Promise.all([...pages, `/jobs/${job}/plan`].map(flink))
    const containers = await listContainers()
    const images = (await inspect('{{.Image}}', ...containers)).trim().split('\n')
    const { stdout: commands } = await runCommand('ps', ['-eo', 'args'], {})
    const places: Readonly<Record<string, string>> = {
      answers: JSON.stringify(answers),
      commands,
      containers: await inspect('{{json .}}', ...containers),
      images: (await runCommand('docker', ['image', 'inspect', ...images], {})).stdout,
      history: (await runCommand('docker', ['history', '--no-trunc', ...images.slice(0, 1)], {})).stdout,
      logs: await compose('logs', '--no-color'),
    }
    for (const [place, text] of Object.entries(places)) expect([place, text.length > 100]).toEqual([place, true])
    const own = [readPassword('engine'), readZookeeperPassword('flink')] as const
    const secrets = [...own, readPassword('admin'), readPassword('broker'), readZookeeperPassword('client')]
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20)
      for (const [place, text] of Object.entries(places)) expect([place, text.includes(secret)]).toEqual([place, false])
    }
    for (const part of parts) {
      const search = 'cd / && grep -rlF -e "$1" -e "$2" flink flink-tmp opt/flink tmp app 2>/dev/null | head; true'
      const found = await compose('exec', '-T', part, 'sh', '-c', search, 'sh', ...own)
      expect([part, found.trim()]).toEqual([part, ''])
    }
  })

  const readPassword = (user: string): string => readFileSync(join(secure, `${user}.password`), 'utf8')
  const readZookeeperPassword = (user: string): string =>
    /password="([^"]+)"/.exec(readFileSync(join(secure, `zookeeper-${user}.jaas`), 'utf8'))?.[1] ?? ''

  it('gives each part of Flink no secrets but Flink’s', async () => {
    for (const part of parts) {
      const files = (await compose('exec', '-T', part, 'ls', '/secure')).trim().split('\n')
      expect([part, files]).toEqual([part, ['ca.pem', 'password', 'zookeeper.jaas']])
    }
  })

  it('keeps Flink’s notes in ZooKeeper to Flink, Kafka’s from Flink, and both from everybody else', async () => {
    expect(await zookeeperShell('flink', 'getAcl', '/flink/connector')).toMatch(/'sasl,'flink\s*: cdrwa/)
    const denied = /NoAuth|Insufficient permission|failed to authenticate/
    expect(await zookeeperShell('client', 'ls', '/flink/connector')).toMatch(denied)
    expect(await zookeeperShell('flink', 'create', '/config/users/mine', '{}')).toMatch(denied)
    expect(await zookeeperShell(undefined, 'ls', '/')).toMatch(denied)
  })

  it('lets the engine do what its jobs need, and nothing else', async () => {
    expect(await listEnginePermissions(stack)).toEqual(sumPermissions)
  })

  it('goes back to a stack without SECURE, and to one with it again, without a row more or less', async () => {
    for (const mode of ['SECURE=0', 'SECURE=1']) {
      const before = await waitFor(findJob, { what: 'the job', deadlineMs: 60_000 })
      const { code, stderr, stdout } = await stack.make('up', mode)
      expect({ mode, code, stderr, stdout }).toMatchObject({ code: 0 })
      const after = await waitFor(
        async () => {
          const job = await findJob()
          return job === before ? undefined : job
        },
        { what: `the job with ${mode}`, deadlineMs: 60_000 },
      )
      expect(after).not.toBe(before)
      expect({ mode, rows: readChanges() }).toEqual({ mode, rows: changes })
    }
  })
})
