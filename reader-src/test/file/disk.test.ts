import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
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
    expect(await openDisk(path)).toMatchObject({ path: made.path })
  })

  it('is of the folder that a link leads to', async () => {
    symlinkSync(folder, join(folder, 'link'))
    expect((await openDisk(join(folder, 'link'))).path).toBe((await openDisk(folder)).path)
  })

  it('refuses what is no folder, and places where none can be made', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const expected = /^RESULTS_DIR: expected a folder, or a place to make one, got E/
    for (const path of [file, join(file, 'below'), '/proc/none', '/proc/none/below']) {
      await expect(openDisk(path)).rejects.toThrow(expected)
    }
  }, 10_000)

  it('creates a file without touching what had its name', async () => {
    const precious = join(folder, 'precious')
    writeFileSync(precious, 'mine')
    const disk = await openDisk(folder)
    for (const plant of [linkSync, symlinkSync]) {
      rmSync(join(folder, 'planted'), { force: true })
      plant(precious, join(folder, 'planted'))
      const file = await disk.create('planted')
      await file.write(Buffer.from('x'), 0)
      await file.close()
      expect(readFileSync(precious, 'utf8')).toBe('mine')
    }
  })

  it.each(['é', 'a,b', 'a:b', '%41', 'a b', '#', "it's", 'a\\b', '-', '中文'])(
    'keeps its files in a folder called %j',
    async (name) => {
      const disk = await openDisk(join(folder, name))
      const file = await disk.create('file')
      await file.close()
      expect(readdirSync(join(folder, name))).toEqual(['file'])
    },
  )
})
