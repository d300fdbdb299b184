import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openDisk } from '../../src/file/disk.js'
import { takeLock, type Lock } from '../../src/file/result-lock.js'

const held: Lock[] = []
const folders: string[] = []
const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  folders.push(folder)
  return folder
}
const take = async (folder: string, platform: NodeJS.Platform): Promise<boolean> => {
  const lock = await takeLock({ disk: await openDisk(folder), name: 'results.lock', platform })
  if (lock) held.push(lock)
  return lock !== undefined
}
afterEach(async () => {
  await Promise.all(held.splice(0).map(({ release }) => release()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe.each(['linux', 'darwin'] as const)('lock on %s', (platform) => {
  it('keeps a second holder out, and nobody else', async () => {
    const folder = makeFolder()
    expect(await take(folder, platform)).toBe(true)
    expect(await take(folder, platform)).toBe(false)
    expect(await take(makeFolder(), platform)).toBe(true)
  })

  it('is free again after its release', async () => {
    const folder = makeFolder()
    expect(await take(folder, platform)).toBe(true)
    await held.pop()?.release()
    expect(await take(folder, platform)).toBe(true)
  })

  it('has a secret that only its owner can read', async () => {
    const folder = makeFolder()
    await take(folder, platform)
    expect(statSync(join(folder, 'results.lock')).mode & 0o777).toBe(0o600)
  })

  it('makes a new secret if a crash left none', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'results.lock'), '')
    expect(await take(folder, platform)).toBe(true)
  })
})

describe('lock', () => {
  /**
   * A process that occupies the address of the folder's lock, as found in /proc/net/unix, and echoes what it receives.
   */
  const hold = async (folder: string) => {
    const name = createHash('sha256')
      .update(readFileSync(join(folder, 'results.lock')))
      .digest('hex')
    const holder = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer((s) => s.pipe(s)).listen({ path: '\\0kafka-etl-reader/${name}' }, () => console.log('held'))`,
    ])
    await once(holder.stdout, 'data')
    return holder
  }

  it('is not taken away by a process that has its address and not its secret', async () => {
    const folder = makeFolder()
    expect(await take(folder, 'linux')).toBe(true)
    await held.pop()?.release()
    const stranger = await hold(folder)
    try {
      expect(await take(folder, 'linux')).toBe(true)
      expect(await take(folder, 'linux')).toBe(false)
    } finally {
      stranger.kill('SIGKILL')
      await once(stranger, 'exit')
    }
  })
})
