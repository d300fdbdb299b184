import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdtemp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { promisify } from 'node:util'
import { codeOf } from '@kafka-etl/common'
import { StackError } from '../stack-error.js'

const run = promisify(execFile)
const lookMs = 100
/** Longer than any download takes: whoever has held the lock for longer is gone. */
const staleLockMs = 300_000

export type JarsOptions = {
  /** The Maven project that lists the jars. */
  readonly pom: string
  /** The target folder. */
  readonly folder: string
  /** What the jars are, for the log; the default is Kafka and ZooKeeper. */
  readonly what?: string
  /** Receives one line if the jars have to be downloaded. */
  readonly say: (line: string) => void
}

/** Downloads the jars of a pom.xml once, and again after it has changed. Several processes may call this at once. */
export const ensureJars = async ({
  pom,
  folder,
  what = 'the jars of Kafka and ZooKeeper',
  say,
}: JarsOptions): Promise<void> => {
  const wanted = await readFile(pom, 'utf8')
  const isPresent = async (): Promise<boolean> =>
    (await readFile(join(folder, 'pom.xml'), 'utf8').catch(() => '')) === wanted
  if (await isPresent()) return
  await requireMaven()
  await mkdir(dirname(folder), { recursive: true })
  await withLock(join(dirname(folder), '.fetching-jars'), async () => {
    if (await isPresent()) return
    say(`Fetching ${what} into ${folder} (once; a minute or so)`)
    await fetchJars(pom, folder)
  })
}

const fetchJars = async (pom: string, folder: string): Promise<void> => {
  const draft = await mkdtemp(`${folder}.`)
  try {
    // The draft gets its own project: no path appears in the command line.
    await copyFile(pom, join(draft, 'pom.xml'))
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'
    const args = ['-q', '-B', '-f', 'pom.xml', goal, '-DoutputDirectory=.', '-DincludeScope=runtime']
    await run('mvn', args, { cwd: draft, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    await rm(folder, { recursive: true, force: true })
    // mkdtemp creates the folder for its owner only.
    await chmod(draft, 0o755)
    await rename(draft, folder)
  } catch (error) {
    throw new StackError(`Maven could not fetch the jars that ${pom} names: ${outputOf(error)}`)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Runs an action while no other process does so with the same lock, a folder that exists meanwhile. */
export const withLock = async <T>(lock: string, action: () => Promise<T>): Promise<T> => {
  while (!(await takeLock(lock))) await sleepFor(lookMs)
  try {
    return await action()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

const takeLock = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    const lockedMs = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (lockedMs > staleLockMs) await rm(lock, { recursive: true, force: true })
    return false
  }
}

const requireMaven = async (): Promise<void> => {
  await run('mvn', ['-v']).catch(() => {
    throw new StackError(
      'The local runtime needs Maven to fetch Kafka, once, and there is no command `mvn`: install it (Debian, Ubuntu: apt install maven; macOS: brew install maven), or start a Docker engine and use RUNTIME=docker.',
    )
  })
}

const outputOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'stdout' in error
    ? String(error.stdout).trim().split('\n').slice(-5).join('\n')
    : String(error)
