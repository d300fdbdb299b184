import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { findNewestState, planJobStorage, type JobStorage } from '../../src/jobs/job-storage.js'

describe('findNewestState', () => {
  let folder = ''
  let storage: JobStorage = { checkpoints: '', savepoints: '' }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'job-storage-'))
    storage = planJobStorage(folder, 'sum')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (path: string, writtenAtSeconds: number): string => {
    const state = join(folder, path)
    mkdirSync(state, { recursive: true })
    writeFileSync(join(state, '_metadata'), '')
    utimesSync(join(state, '_metadata'), writtenAtSeconds, writtenAtSeconds)
    return state
  }

  it('is undefined for a job that has left nothing', async () => {
    expect(await findNewestState(storage)).toBeUndefined()
  })

  it('is the newest of all checkpoints and savepoints of the name', async () => {
    write('checkpoints/sum/aaa/chk-9', 10)
    const checkpoint = write('checkpoints/sum/bbb/chk-1', 20)
    write('checkpoints/other/ccc/chk-1', 90)
    expect(await findNewestState(storage)).toBe(checkpoint)
    const savepoint = write('savepoints/sum/savepoint-bbb-123', 30)
    expect(await findNewestState(storage)).toBe(savepoint)
  })

  it('is no checkpoint that is still being written', async () => {
    const complete = write('checkpoints/sum/aaa/chk-1', 10)
    mkdirSync(join(folder, 'checkpoints/sum/aaa/chk-2'))
    mkdirSync(join(folder, 'checkpoints/sum/aaa/shared'))
    expect(await findNewestState(storage)).toBe(complete)
  })
})
