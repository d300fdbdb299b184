import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'

const jestCommand = createRequire(__filename).resolve('jest/bin/jest')

/** The tests that hold dates against the golden tables. */
const tests = 'format-timestamp|timestamps/golden|timestamps/parse-date'

/** Runs them in a process of their own, since a process reads its time zone once. */
const runIn = async (zone: string): Promise<string> => {
  const args = [jestCommand, '--selectProjects', 'unit', '--testPathPatterns', tests]
  const environment = { ...process.env, TZ: zone }
  const { stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: join(__dirname, '../..'),
    env: environment,
  })
  return stderr
}

describe('dates do not depend on the time zone of the host', () => {
  it.each(['America/New_York', 'Asia/Kolkata'])(
    '%s',
    async (zone) => expect(await runIn(zone)).toMatch(/Test Suites: 3 passed, 3 total/),
    60_000,
  )
})
