import { it } from '@jest/globals'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { endAfterTests } from './leftovers.js'

const run = promisify(execFile)

/** A disk with a limited size, to be filled. */
export type Tmpfs = {
  readonly folder: string
  readonly resize: (sizeMb: number) => Promise<void>
  readonly unmount: () => Promise<void>
}

/** Mounts a small disk in memory; throws if this user may not. */
export const mountTmpfs = async (sizeMb: number): Promise<Tmpfs> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0777`, 'tmpfs', folder])
  const unmount = async (): Promise<void> => {
    forget()
    // Lazily: a process that a failed test left behind may still hold a file open.
    await run('umount', ['-l', folder])
    await rm(folder, { recursive: true })
  }
  const forget = endAfterTests(unmount)
  return {
    folder,
    resize: async (newSizeMb) => {
      await run('mount', ['-o', `remount,size=${newSizeMb}m`, folder])
    },
    unmount,
  }
}

const mayMount = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-etl-disk-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  rmdirSync(folder)
  return isMounted
}

/** A test that needs a separate disk. If this user may not mount one, the report lists the test as not run. */
export const testWithDisk = (name: string, test: () => Promise<void>, deadlineMs = 30_000): void => {
  if (mayMount()) it(name, test, deadlineMs)
  else it.todo(`${name} (not run on this machine: this user may not mount a disk)`)
}
