import { constants, type BigIntStats } from 'node:fs'
import { lstat, mkdir, open, realpath, rename, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, messageOf, SettingsError } from '@kafka-etl/common'

/** What a file in the folder is, without following links. */
export type FileState = {
  readonly isFile: boolean
  readonly size: number
  /** Device and inode: another file under the same name has another one. */
  readonly identity: string
  /** When its bytes last changed: a later file may get the inode of one that is gone. */
  readonly modifiedNs: bigint
}

export type OpenFile = {
  /** Writes some of `bytes` at `position` and says how many: fewer than asked for where the disk is nearly full. */
  readonly write: (bytes: Buffer, position: number) => Promise<number>
  readonly read: (length: number, position: number) => Promise<Buffer>
  readonly truncate: (length: number) => Promise<void>
  /** The bytes written so far survive a loss of power. */
  readonly sync: () => Promise<void>
  readonly state: () => Promise<FileState>
  readonly close: () => Promise<void>
}

/** One folder, as far as the results need it. Errors are Node's own, with their `code`. */
export type Disk = {
  /** Device and inode of the folder. */
  readonly identity: string
  /** Its path, without links. */
  readonly path: string
  readonly state: (name: string) => Promise<FileState | undefined>
  /** Opens for reading and writing, creates what is missing, and never follows a link. */
  readonly open: (name: string) => Promise<OpenFile>
  readonly rename: (from: string, to: string) => Promise<void>
  /** Names that were created and renamed so far survive a loss of power. */
  readonly syncFolder: () => Promise<void>
}

/** Makes the folder where it is missing. Throws a {@link SettingsError} where it cannot be used. */
export const openDisk = async (folder: string): Promise<Disk> => {
  const path = await makeFolder(resolve(folder))
  const pathOf = (name: string): string => join(path, name)
  const { dev, ino } = await stat(path)
  return {
    identity: `${dev}:${ino}`,
    path,
    state: (name) => stateOf(pathOf(name)),
    open: async (name) => openFile(await open(pathOf(name), openFlags, 0o644)),
    rename: (from, to) => rename(pathOf(from), pathOf(to)),
    syncFolder: async () => {
      const handle = await open(path, constants.O_RDONLY)
      await handle.sync().finally(() => handle.close())
    },
  }
}

const makeFolder = async (path: string): Promise<string> => {
  try {
    await makeFolders(path)
    return await realpath(path)
  } catch (error) {
    throw new SettingsError(`RESULTS_DIR: expected a folder, or a place to make one, got ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** Node's own `recursive` never comes back where a folder is there but takes no other one, such as /proc. */
const makeFolders = async (path: string): Promise<void> => {
  try {
    await mkdir(path)
    return
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) {
      await acceptFolder(path, error)
      return
    }
  }
  await makeFolders(dirname(path))
  await mkdir(path).catch((error: unknown) => acceptFolder(path, error))
}

const acceptFolder = async (path: string, error: unknown): Promise<void> => {
  if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
}

const openFlags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW

const stateOf = async (path: string): Promise<FileState | undefined> => {
  try {
    return toState(await lstat(path, { bigint: true }))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const toState = (stats: BigIntStats): FileState => ({
  isFile: stats.isFile(),
  size: Number(stats.size),
  identity: `${stats.dev}:${stats.ino}`,
  modifiedNs: stats.mtimeNs,
})

const openFile = (handle: FileHandle): OpenFile => ({
  write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
  read: async (length, position) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  },
  truncate: (length) => handle.truncate(length),
  sync: () => handle.datasync(),
  state: async () => toState(await handle.stat({ bigint: true })),
  close: () => handle.close(),
})
