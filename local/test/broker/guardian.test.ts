import { describe, expect, it } from '@jest/globals'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { repositoryRoot } from '../../../test/support/repository.js'
import { waitFor } from '../../../test/support/wait-for.js'

// A small test run: it starts a process, has it guarded, and is killed before it can end it.
const run = `
const { spawn } = require('node:child_process')
import(${JSON.stringify(join(repositoryRoot, 'local', 'src', 'broker', 'guardian.ts'))}).then(({ guard, release }) => {
  const [kept, released] = [spawn('sleep', ['300']), spawn('sleep', ['300'])]
  guard(kept.pid)
  guard(released.pid)
  release(released.pid)
  console.log(kept.pid + ' ' + released.pid)
})`

const isRunning = (pid: number): boolean => {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z')
  } catch {
    return false
  }
}

describe('the guardian', () => {
  it('ends what a killed test run has left, and nothing else', async () => {
    const testRun = spawn(process.execPath, ['-e', run])
    const [line] = (await once(testRun.stdout, 'data')) as [Buffer]
    const [kept = 0, released = 0] = line.toString().split(' ').map(Number)
    try {
      expect([isRunning(kept), isRunning(released)]).toEqual([true, true])
      testRun.kill('SIGKILL')
      await waitFor(() => !isRunning(kept), { what: 'the guarded process to end', deadlineMs: 4_000 })
      expect(isRunning(released)).toBe(true)
    } finally {
      process.kill(released, 'SIGKILL')
    }
  })
})
