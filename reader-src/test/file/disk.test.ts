import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { openDisk } from '../../src/file/disk.js'

describe('openDisk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('makes the folder and those above it, and takes one that is there', async () => {
    const path = join(folder, 'a', 'b', 'c')
    const made = await openDisk(path)
    expect(statSync(path).isDirectory()).toBe(true)
    expect(await openDisk(path)).toMatchObject({ path: made.path, identity: made.identity })
  })

  it('is of the folder that a link leads to', async () => {
    symlinkSync(folder, join(folder, 'link'))
    expect((await openDisk(join(folder, 'link'))).identity).toBe((await openDisk(folder)).identity)
  })

  it('refuses what is no folder, and places where none can be made', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const expected = /^RESULTS_DIR: expected a folder, or a place to make one, got E/
    for (const path of [file, join(file, 'below'), '/proc/none', '/proc/none/below']) {
      await expect(openDisk(path)).rejects.toThrow(expected)
    }
  }, 10_000)
})
