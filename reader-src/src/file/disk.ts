import { constants, type BigIntStats } from 'node:fs'
import { lstat, mkdir, open, readFile, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, messageOf, SettingsError } from '@kafka-etl/common'

/** The state of a file in the folder, without following links. */
export type FileState = {
  readonly isFile: boolean
  readonly size: number
  /** Device and inode, which differ for another file with the same name. */
  readonly identity: string
  /** When its bytes last changed: a later file may reuse the inode of a deleted one. */
  readonly modifiedNs: bigint
}

export type OpenFile = {
  /** Writes some of `bytes` at `position` and returns how many: fewer than requested if the disk is nearly full. */
  readonly write: (bytes: Buffer, position: number) => Promise<number>
  readonly read: (length: number, position: number) => Promise<Buffer>
  readonly truncate: (length: number) => Promise<void>
  /** Makes the bytes written so far survive a power failure. */
  readonly sync: () => Promise<void>
  readonly state: () => Promise<FileState>
  readonly close: () => Promise<void>
}

/** One folder, with the operations that results need. Errors are Node's own, with their `code`. */
export type Disk = {
  /** A secret in a file that only its owner can read. If there is none, `make` creates it. */
  readonly readSecret: (name: string, make: () => Buffer) => Promise<Buffer>
  readonly replaceSecret: (name: string, secret: Buffer) => Promise<void>
  /** The real path of the folder, without links. */
  readonly path: string
  readonly state: (name: string) => Promise<FileState | undefined>
  /** The bytes of a small file; undefined if there is none. Never follows a link. */
  readonly read: (name: string) => Promise<Buffer | undefined>
  /** Opens for reading and writing, creates a missing file, and never follows a link. */
  readonly open: (name: string) => Promise<OpenFile>
  /**
   * Creates the file and replaces one with that name. The replaced file keeps its bytes under any other name it has.
   */
  readonly create: (name: string) => Promise<OpenFile>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
  /** Makes the names created and renamed so far survive a power failure. */
  readonly syncFolder: () => Promise<void>
}

/** Creates the folder if it is missing. Throws a {@link SettingsError} if it cannot be used. */
export const openDisk = async (folder: string): Promise<Disk> => {
  const path = await makeFolder(resolve(folder))
  const pathOf = (name: string): string => join(path, name)
  return {
    path,
    readSecret: async (name, make) => {
      await createSecretFile(pathOf(name), make()).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error
      })
      return readFile(pathOf(name))
    },
    replaceSecret: async (name, secret) => {
      const temporaryPath = pathOf(`${name}.tmp`)
      await rm(temporaryPath, { force: true })
      await createSecretFile(temporaryPath, secret)
      await rename(temporaryPath, pathOf(name))
    },
    state: (name) => stateOf(pathOf(name)),
    read: (name) => readIfPresent(pathOf(name)),
    open: async (name) => openFile(await open(pathOf(name), openFlags, 0o644)),
    create: async (name) => {
      await rm(pathOf(name), { force: true })
      return openFile(await open(pathOf(name), createFlags, 0o644))
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    rename: (from, to) => rename(pathOf(from), pathOf(to)),
    syncFolder: async () => {
      const handle = await open(path, constants.O_RDONLY)
      await handle.sync().finally(() => handle.close())
    },
  }
}

const readIfPresent = async (path: string): Promise<Buffer | undefined> => {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    return await handle.readFile().finally(() => handle.close())
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const createSecretFile = async (path: string, secret: Buffer): Promise<void> => {
  const handle = await open(path, createFlags, 0o600)
  await handle.writeFile(secret).finally(() => handle.close())
}

const unusable = ['EACCES', 'EPERM', 'EROFS', 'ELOOP', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG']

/** Throws a {@link SettingsError}, because no restart fixes it, if this user cannot write the files. */
export const refuseUnusable = async <Result>(task: () => Promise<Result>): Promise<Result> => {
  try {
    return await task()
  } catch (error) {
    if (!unusable.includes(codeOf(error) ?? '')) throw error
    throw new SettingsError(`RESULTS_DIR: expected files that this user can write, got ${messageOf(error)}`, {
      cause: error,
    })
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

/** Creates folders. Node's own `recursive` never returns if a folder exists but allows no new one, such as /proc. */
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
const createFlags = openFlags | constants.O_EXCL

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
