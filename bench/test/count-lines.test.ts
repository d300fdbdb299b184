import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { countLines } from '../src/count-lines.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-etl-lines-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('counts the lines that end in a file, or in a part of it', async () => {
  const path = join(folder, 'file')
  await writeFile(path, `one\ntwo\n${'x'.repeat(100_000)}\nnot ended`)
  expect(await countLines(path)).toBe(3)
  expect(await countLines(path, 'one\n'.length)).toBe(2)
})
