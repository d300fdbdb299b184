import { createHash } from 'node:crypto'
import { createServer, type ListenOptions, type Server } from 'node:net'
import { codeOf } from '@kafka-etl/common'

/** Held until it is released, or until the process dies, however it dies. */
export type Lock = { readonly release: () => Promise<void> }

export type LockOptions = {
  /** What is locked, the same for everybody who means the same thing: a folder's device and inode. */
  readonly identity: string
  readonly platform: NodeJS.Platform
}

/**
 * Takes a lock on this machine, or says that somebody holds it. On Linux the name of an abstract socket, elsewhere a
 * loopback port made from it: the kernel gives either back when a process ends, which no file would do. A reader in
 * another network namespace is not seen here; its positions file gives it away before the next row.
 */
export const takeLock = async ({ identity, platform }: LockOptions): Promise<Lock | undefined> => {
  const server = createServer((socket) => socket.destroy())
  try {
    await listen(server, addressOf(identity, platform))
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined
    throw error
  }
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}

const lowestPort = 20_000
const portCount = 12_000

const addressOf = (identity: string, platform: NodeJS.Platform): ListenOptions => {
  if (platform === 'linux') return { path: `\0kafka-etl-reader/${identity}` }
  const port = lowestPort + (createHash('sha256').update(identity).digest().readUInt32BE(0) % portCount)
  return { host: '127.0.0.1', port, exclusive: true }
}

const listen = (server: Server, address: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
    server.unref()
  })
