import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder, repositoryRoot } from './repository.js'
import { waitFor } from './wait-for.js'

const run = promisify(execFile)

/** Kafka 3.9 stands on ZooKeeper, 4.1 on KRaft. */
export const flavours = ['3.9', '4.1'] as const
export type Flavour = (typeof flavours)[number]

/** Longer than any filling takes: whoever has held the lock for so long is gone. */
const staleLockMs = 300_000

/**
 * Fills the folder in one step, so that two runs side by side never see half of it, and one run at a time, since they
 * would fetch into the same Maven repository.
 */
export const fillOnce = async (folder: string, fill: (draft: string) => Promise<void>): Promise<void> => {
  if (existsSync(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  const lock = join(dirname(folder), '.filling')
  await waitFor(() => existsSync(folder) || takeLock(lock), { what: lock, deadlineMs: 2 * staleLockMs })
  if (existsSync(folder)) return
  const draft = await mkdtemp(`${folder}.`)
  try {
    await fill(draft)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

const takeLock = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock)
    return true
  } catch {
    const { mtimeMs } = await stat(lock)
    if (Date.now() - mtimeMs > staleLockMs) await rm(lock, { recursive: true, force: true })
    return false
  }
}

/** The folder of a flavour's jars; Maven fetches them the first time, and again when the pom has changed. */
export const resolveJars = async (flavour: Flavour): Promise<string> => {
  const pom = join(repositoryRoot, 'test', 'support', `pom-${flavour}.xml`)
  const version = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 8)
  const folder = join(cacheFolder, `kafka-${flavour}-${version}`)
  await fillOnce(folder, async (draft) => {
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`])
  })
  return folder
}
