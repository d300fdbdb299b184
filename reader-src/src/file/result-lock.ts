import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { codeOf } from '@kafka-etl/common'
import type { Disk } from './disk.js'

/** A lock that is held until it is released, or until the process dies in any way. */
export type Lock = { readonly release: () => Promise<void> }

export type LockOptions = {
  /**
   * The folder of the result. It contains the secret: whoever cannot read the folder's secrets cannot hold the lock.
   */
  readonly disk: Pick<Disk, 'readSecret' | 'replaceSecret'>
  /** The file of the secret: `results.lock`. */
  readonly name: string
  readonly platform: NodeJS.Platform
}

const mostAttempts = 5

/**
 * Takes a lock on this machine; undefined if another reader holds it. The lock is an abstract socket on Linux, and a
 * loopback port elsewhere: the kernel releases both when a process ends, unlike a file. The address derives from a
 * secret in the folder that only its owner can read. A holder must prove that it knows the secret. If it cannot, it
 * occupies the address on purpose or by chance, and the secret is replaced. A reader in another network namespace is
 * not visible here; its positions file reveals it before the next row.
 */
export const takeLock = async ({ disk, name, platform }: LockOptions): Promise<Lock | undefined> => {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const secret = await disk.readSecret(name, createSecret)
    // Its writer was killed, or is still writing.
    if (secret.length !== secretBytes) {
      await disk.replaceSecret(name, createSecret())
      continue
    }
    const address = addressOf(secret, platform)
    const server = await listen(secret, address)
    if (server) {
      // Another reader may have replaced the secret meanwhile.
      if (secret.equals(await disk.readSecret(name, createSecret))) return { release: () => close(server) }
      await close(server)
    } else if (await knowsSecret(secret, address)) {
      return undefined
    } else {
      await disk.replaceSecret(name, createSecret())
    }
  }
  throw new Error(`expected to lock the result within ${mostAttempts} attempts: somebody else takes each address first`)
}

/**
 * Takes the lock only if its address is free, that is, if no reader holds it, not even a paused one that does not
 * answer.
 */
export const takeFreeLock = async (
  disk: LockOptions['disk'],
  name: string,
  platform: NodeJS.Platform,
): Promise<Lock | undefined> => {
  const secret = await disk.readSecret(name, createSecret)
  if (secret.length !== secretBytes) return takeLock({ disk, name, platform })
  const server = await listen(secret, addressOf(secret, platform))
  return server && { release: () => close(server) }
}

const secretBytes = 32

const createSecret = (): Buffer => randomBytes(secretBytes)

const lowestPort = 20_000
const portCount = 12_000

const addressOf = (secret: Buffer, platform: NodeJS.Platform): ListenOptions & { readonly path?: string } => {
  const name = createHash('sha256').update(secret).digest()
  if (platform === 'linux') return { path: `\0kafka-etl-reader/${name.toString('hex')}` }
  return { host: '127.0.0.1', port: lowestPort + (name.readUInt32BE(0) % portCount), exclusive: true }
}

const proofOf = (secret: Buffer, challenge: Buffer): Buffer => createHmac('sha256', secret).update(challenge).digest()

/** Undefined if the address is in use. */
const listen = async (secret: Buffer, address: ListenOptions): Promise<Server | undefined> => {
  const server = createServer((socket) => answer(secret, socket))
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen(address, () => resolve(undefined))
  server.unref()
  try {
    await promise
    return server
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined
    throw error
  }
}

const challengeMs = 2_000

const answer = (secret: Buffer, socket: Socket): void => {
  socket.unref()
  socket.setTimeout(challengeMs, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.once('data', (challenge) => socket.end(proofOf(secret, Buffer.from(challenge))))
}

const knowsSecret = (secret: Buffer, address: ListenOptions & { readonly path?: string }): Promise<boolean> => {
  const challenge = randomBytes(secretBytes)
  const expected = proofOf(secret, challenge)
  const socket = connect(
    address.path === undefined ? { host: '127.0.0.1', port: address.port ?? 0 } : { path: address.path },
  )
  return new Promise((resolve) => {
    const settle = (isProven: boolean): void => {
      socket.destroy()
      resolve(isProven)
    }
    socket.setTimeout(challengeMs, () => settle(false))
    socket.on('error', () => settle(false))
    socket.on('close', () => settle(false))
    socket.on('connect', () => socket.write(challenge))
    socket.once('data', (proof) => {
      const bytes = Buffer.from(proof)
      settle(bytes.length === expected.length && timingSafeEqual(bytes, expected))
    })
  })
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
  })
