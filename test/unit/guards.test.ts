import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parseGuard, readGuards } from '../guards/guard.js'
import { repositoryRoot } from '../support/repository.js'

const guards = readGuards()

/** The rows of the table in docs/guarantees.md that name a patch: its name, the guard, the files. */
const rows = [
  ...readFileSync(join(repositoryRoot, 'docs', 'guarantees.md'), 'utf8').matchAll(
    /^\| (?<guard>.*?) \| (?<files>.*?) \| \[.*?\]\(\.\.\/test\/guards\/patches\/(?<name>[\w-]+)\.patch\) \|/gm,
  ),
].map(({ groups }) => ({ name: groups?.name ?? '', guard: groups?.guard ?? '', files: groups?.files ?? '' }))

describe('the patches that switch guards off', () => {
  it.each(guards)('$name still applies', ({ patchFile }) => {
    execFileSync('git', ['apply', '--check', patchFile], { cwd: repositoryRoot, stdio: 'pipe' })
  })

  it('stand in the table of docs/guarantees.md, each in a row of its own, with guard and files', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(guards.map(({ name }) => name))
    for (const { name, guard, files } of guards) {
      const row = rows.find((one) => one.name === name)
      expect(row?.guard).toBe(guard)
      const named = (file: string): boolean =>
        file.startsWith('node_modules/') ? row?.files === '`patches/`' : (row?.files ?? '').includes(`\`${file}\``)
      expect(files.filter((file) => !named(file))).toEqual([])
    }
  })

  it('say what is missing in one of them', () => {
    expect(() => parseGuard('new', 'Guard: something\n\ndiff --git a/x b/x\n')).toThrow(
      'Expected a line "Lane: …" in new.patch, got none',
    )
  })
})
