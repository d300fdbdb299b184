import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from '@jest/globals'
import { takeLock, type Lock } from '../../src/file/folder-lock.js'

describe.each(['linux', 'darwin'] as const)('lock on %s', (platform) => {
  const held: Lock[] = []
  const take = async (identity: string): Promise<boolean> => {
    const lock = await takeLock({ identity: `test-${process.pid}-${identity}`, platform })
    if (lock) held.push(lock)
    return lock !== undefined
  }
  afterEach(async () => {
    await Promise.all(held.splice(0).map(({ release }) => release()))
  })

  it('keeps a second holder out, and nobody else', async () => {
    expect(await take('a')).toBe(true)
    expect(await take('a')).toBe(false)
    expect(await take('b')).toBe(true)
  })

  it('is free again after its release', async () => {
    expect(await take('a')).toBe(true)
    await held.pop()?.release()
    expect(await take('a')).toBe(true)
  })
})

describe('lock', () => {
  it('dies with its process', async () => {
    const identity = `test-${process.pid}-killed`
    const holder = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer().listen({ path: '\\0kafka-etl-reader/${identity}' }, () => console.log('held'))`,
    ])
    try {
      await once(holder.stdout, 'data')
      expect(await takeLock({ identity, platform: 'linux' })).toBeUndefined()
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    const lock = await takeLock({ identity, platform: 'linux' })
    expect(lock).toBeDefined()
    await lock?.release()
  })
})
