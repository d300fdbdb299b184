import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const repository = join(__dirname, '../..')

describe('dependencies that npm has not finished', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dependencies-'))
    for (const file of ['Makefile', 'dependencies.js', 'package-lock.json', 'package.json'])
      copyFileSync(join(repository, file), join(folder, file))
    mkdirSync(join(folder, 'patches'))
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(join(folder, 'patches', 'kafkajs.patch'), 'a patch')
    // What npm leaves before any script has run.
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{}')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are installed again by make, by a way that needs no install script', () => {
    const { stdout } = spawnSync('make', ['-n', 'check'], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toContain('npm ci --ignore-scripts')
    expect(stdout).toContain('dependencies.js')
  })

  it('are found out before anything is compiled, in one sentence', () => {
    const { status, stderr } = spawnSync(process.execPath, ['dependencies.js', 'check'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Expected the dependencies to be patched .*: run `make`.*\n$/)
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    for (const name of ['build', 'typecheck', 'producer', 'etl', 'reader', 'engine', 'console', 'admin'])
      expect(scripts[name]).toMatch(/^node dependencies\.js check && /)
  })

  it('are never built with unpatched: one sentence says what to do', () => {
    const script = "import('./dependencies.js').then(({ requirePatchedDependencies }) => requirePatchedDependencies())"
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })
    expect(status).not.toBe(0)
    expect(stderr).toContain('run `make`, or `npm ci` and then `node dependencies.js`')
  })
})

describe('a folder whose name holds a colon', () => {
  it('is refused by make in one sentence, since it would end an entry of PATH', () => {
    const parent = mkdtempSync(join(tmpdir(), 'colon-'))
    const folder = join(parent, 'a:b')
    mkdirSync(folder)
    copyFileSync(join(repository, 'Makefile'), join(folder, 'Makefile'))
    const { status, stderr } = spawnSync('make', ['help'], { cwd: folder, encoding: 'utf8' })
    rmSync(parent, { recursive: true })
    expect(status).not.toBe(0)
    expect(stderr).toContain('Expected a folder without a colon in its path')
  })
})
