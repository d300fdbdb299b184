import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'

const run = promisify(execFile)

const dist = join(repositoryRoot, 'etl-src', 'dist')

describe('the one file of a service', () => {
  it('stays as it is when nothing has changed, so that `make` does not start the service anew', async () => {
    const readTimes = () => ['main.js', 'service.js', 'package.json'].map((name) => statSync(join(dist, name)).mtimeMs)
    const before = readTimes()
    await run(process.execPath, ['bundle.js', 'etl-src'], { cwd: repositoryRoot })
    expect(readTimes()).toEqual(before)
  })

  it('leads back to the sources, its own and those of common-src', () => {
    const { sources } = JSON.parse(readFileSync(join(dist, 'service.js.map'), 'utf8')) as { sources: string[] }
    expect(sources).toContain('../src/convert-batch.ts')
    expect(sources).toContain('../../common-src/src/process/run-service.ts')
  })
})
