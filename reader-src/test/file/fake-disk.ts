import type { Disk, FileState, OpenFile } from '../../src/file/disk.js'

type Inode = { readonly id: number; bytes: Buffer; durable: Buffer; modified: bigint }

/** Thrown by the operation at which the machine dies. */
export class Crash extends Error {}

/** What a power failure does to bytes and names that were never synced. */
export const aftermaths = [
  'unsynced is lost',
  'unsynced is kept',
  'unsynced is garbage',
  'bytes are lost, names are kept',
] as const
export type Aftermath = (typeof aftermaths)[number]

export type FakeDisk = Disk & {
  /** Counts operations from here; the `at`-th one crashes, after it took effect halfway. */
  readonly crashAt: (at: number) => void
  readonly operations: () => number
  /** The machine restarts after a crash. */
  readonly recover: (aftermath: Aftermath) => void
  readonly content: (name: string) => string | undefined
  readonly names: () => readonly string[]
  /** The next `count` writes fail for lack of space, after half of their bytes. */
  readonly fill: (count: number) => void
}

/** A folder in memory that distinguishes what was synced from what was not. */
export const createFakeDisk = (): FakeDisk => {
  let names = new Map<string, Inode>()
  let durableNames = new Map<string, Inode>()
  let inodes = 0
  let ticks = 0n
  let operations = 0
  let crashAt = Infinity
  let failingWrites = 0

  const step = (halfway?: () => void): void => {
    operations++
    if (operations > crashAt) throw new Crash('the machine is down')
    if (operations === crashAt) {
      halfway?.()
      throw new Crash('the machine died')
    }
  }
  const stateOf = (inode: Inode): FileState => ({
    isFile: true,
    size: inode.bytes.length,
    identity: String(inode.id),
    modifiedNs: inode.modified,
  })
  const put = (inode: Inode, bytes: Buffer, position: number): void => {
    const size = Math.max(inode.bytes.length, position + bytes.length)
    const grown = Buffer.alloc(size)
    inode.bytes.copy(grown)
    bytes.copy(grown, position)
    inode.bytes = grown
    inode.modified = ++ticks
  }
  const openFile = (inode: Inode): OpenFile => ({
    write: (bytes, position) =>
      attempt(() => {
        const half = bytes.subarray(0, Math.ceil(bytes.length / 2))
        step(() => put(inode, half, position))
        if (failingWrites > 0) {
          failingWrites--
          put(inode, half, position)
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
        }
        put(inode, bytes, position)
        return bytes.length
      }),
    read: (length, position) => attempt(() => Buffer.from(inode.bytes.subarray(position, position + length))),
    truncate: (length) =>
      attempt(() => {
        step()
        inode.bytes = Buffer.from(inode.bytes.subarray(0, length))
        inode.modified = ++ticks
      }),
    sync: () =>
      attempt(() => {
        step()
        inode.durable = Buffer.from(inode.bytes)
      }),
    state: () => attempt(() => stateOf(inode)),
    close: () => Promise.resolve(),
  })

  return {
    readSecret: (_name, make) => Promise.resolve(make()),
    replaceSecret: () => Promise.resolve(),
    path: '/fake',
    state: (name) =>
      attempt(() => {
        const inode = names.get(name)
        return inode && stateOf(inode)
      }),
    read: (name) =>
      attempt(() => {
        const inode = names.get(name)
        return inode && Buffer.from(inode.bytes)
      }),
    open: (name) =>
      attempt(() => {
        step()
        const inode = names.get(name) ?? {
          id: ++inodes,
          bytes: Buffer.alloc(0),
          durable: Buffer.alloc(0),
          modified: ++ticks,
        }
        names.set(name, inode)
        return openFile(inode)
      }),
    create: (name) =>
      attempt(() => {
        step()
        const inode = { id: ++inodes, bytes: Buffer.alloc(0), durable: Buffer.alloc(0), modified: ++ticks }
        names.set(name, inode)
        return openFile(inode)
      }),
    remove: (name) =>
      attempt(() => {
        step()
        names.delete(name)
      }),
    rename: (from, to) =>
      attempt(() => {
        step()
        const inode = names.get(from)
        if (!inode) throw new Error(`no file ${from}`)
        names.set(to, inode)
        names.delete(from)
      }),
    syncFolder: () =>
      attempt(() => {
        step()
        durableNames = new Map(names)
      }),
    crashAt: (at) => {
      operations = 0
      crashAt = at
    },
    operations: () => operations,
    recover: (aftermath) => {
      crashAt = Infinity
      if (aftermath !== 'unsynced is kept') for (const inode of new Set(names.values())) lose(inode, aftermath)
      const keepsNames = aftermath !== 'unsynced is lost'
      names = new Map(keepsNames ? names : durableNames)
      durableNames = new Map(names)
    },
    names: () => [...names.keys()].sort(),
    content: (name) => names.get(name)?.bytes.toString('utf8'),
    fill: (count) => {
      failingWrites = count
    },
  }
}

const lose = (inode: Inode, aftermath: Aftermath): void => {
  const unsynced = Math.max(0, inode.bytes.length - inode.durable.length)
  inode.bytes =
    aftermath === 'unsynced is garbage' ? Buffer.concat([inode.durable, Buffer.alloc(unsynced, 0)]) : inode.durable
  inode.durable = Buffer.from(inode.bytes)
}

const attempt = <Result>(operation: () => Result): Promise<Result> =>
  new Promise((resolve) => {
    resolve(operation())
  })
