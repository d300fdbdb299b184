import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { endAfterTests } from './leftovers.js'

const run = promisify(execFile)

/** A disk of a size of its own, to be filled. */
export type Tmpfs = {
  readonly folder: string
  readonly resize: (sizeMb: number) => Promise<void>
  readonly unmount: () => Promise<void>
}

/** Mounts a small disk in memory; undefined where this user may not. */
export const mountTmpfs = async (sizeMb: number): Promise<Tmpfs | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0777`, 'tmpfs', folder])
  } catch {
    await rm(folder, { recursive: true })
    return undefined
  }
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
