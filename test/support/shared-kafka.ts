import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrokerSite } from '@kafka-etl/local/broker'
import { answersAsBroker } from './answers.js'
import { defaultFlavour, openProxies, startCluster, type KafkaAccess, type Ports } from './kafka.js'

type Launch = NonNullable<BrokerSite['launch']>

const listenerNames = ['SHARED1', 'SHARED2']

/**
 * Where a jest worker records its broker: each test file loads its modules anew and knows nothing of the previous file.
 */
const noteFile = join(tmpdir(), `kafka-etl-shared-kafka-${process.pid}.json`)

/**
 * Waits until its standard input closes, which happens when the process that started it ends in any way. Then it kills
 * the command, and removes the folder and its record.
 */
const keeper = `
folder=$1 note=$2; shift 2
"$@" &
cat >/dev/null
kill -9 $! 2>/dev/null
wait
rm -rf "$folder" "$note"`

/** Starts a process that outlives the test file, but not the jest worker. */
const launchWithWorker =
  (folder: string): Launch =>
  async ({ name, command, args, cwd, environment, logFile }) => {
    const log = openSync(logFile, 'a')
    const child = spawn('sh', ['-c', keeper, 'keeper', folder, noteFile, command, ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      stdio: ['pipe', log, log],
      detached: true,
    })
    closeSync(log)
    await once(child, 'spawn')
    child.unref()
    // The pipe must not keep the worker alive.
    if (child.stdin instanceof Socket) child.stdin.unref()
    const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    const end = async () => {
      child.stdin?.destroy()
      return exit
    }
    const refuse = (): never => {
      throw new Error(`Expected ${name} to be left alone, since other test files use it, got a test that disturbs it`)
    }
    return {
      ...{ name, pid: child.pid ?? 0, exit, hasEnded: () => child.exitCode !== null },
      ...{ kill9: end, terminate: end, pause: refuse, resume: refuse },
    }
  }

const startSharedKafka = async (): Promise<Ports> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-shared-'))
  const { ports } = await startCluster(folder, { proxies: listenerNames }, launchWithWorker(folder))
  await writeFile(noteFile, JSON.stringify(ports))
  return ports
}

const findSharedKafka = async (): Promise<Ports | undefined> => {
  try {
    const ports = JSON.parse(await readFile(noteFile, 'utf8')) as Ports
    return (await answersAsBroker(`127.0.0.1:${ports.direct}`)) ? ports : undefined
  } catch {
    return undefined
  }
}

/** The Kafka of this jest worker, started if there is none yet; `close` only ends the proxies. */
export const reachSharedKafka = async (
  proxyNames: readonly string[],
): Promise<{ readonly kafka: KafkaAccess; readonly close: () => Promise<void> }> => {
  if (proxyNames.length > listenerNames.length)
    throw new Error(`Expected at most ${listenerNames.length} proxies of a shared broker, got ${proxyNames.join()}`)
  const { direct, proxied } = (await findSharedKafka()) ?? (await startSharedKafka())
  const listeners = proxied
    .slice(0, proxyNames.length)
    .map((listener, index) => ({ ...listener, name: (proxyNames[index] ?? '').toUpperCase() }))
  const { proxy, close } = await openProxies(listeners)
  return { kafka: { flavour: defaultFlavour, bootstrap: `127.0.0.1:${direct}`, proxy }, close }
}
