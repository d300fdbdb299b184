import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'

const jestCommand = createRequire(__filename).resolve('jest/bin/jest')

/** The tests that compare dates with the golden tables. */
const tests = 'format-timestamp|timestamps/golden|timestamps/parse-date'

/**
 * Runs them in a separate process, since a process reads its time zone only once; returns how many test files passed.
 */
const countPassedIn = async (zone: string): Promise<number> => {
  const args = [jestCommand, '--selectProjects', 'unit', '--testPathPatterns', tests, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, TZ: zone },
    maxBuffer: 64 * 1024 * 1024,
  })
  return (JSON.parse(stdout) as { readonly numPassedTestSuites: number }).numPassedTestSuites
}

describe('dates do not depend on the time zone of the host', () => {
  it.each(['America/New_York', 'Asia/Kolkata'])('%s', async (zone) => expect(await countPassedIn(zone)).toBe(3), 60_000)
})
