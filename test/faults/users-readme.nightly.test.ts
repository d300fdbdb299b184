import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findFreePort } from '@kafka-etl/local/broker'
import { createScratchCopy, type ScratchCopy } from '../guards/scratch-copy.js'
import { createMakeStack, runCommand, type MakeResult } from '../support/make.js'

/** The numbered steps of a section of a README, each with its code. */
const readSteps = (readme: string, heading: RegExp): readonly (readonly string[])[] =>
  readme
    .slice(readme.search(heading))
    .split(/^\d+\. /m)
    .slice(1)
    .map((step) => [...step.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code))

describe('the experiment of pipelines/users/README.md', () => {
  let copy: ScratchCopy
  let environment: Readonly<Record<string, string>>
  const run = (commandLine: string | undefined): Promise<MakeResult> =>
    runCommand('sh', ['-c', commandLine ?? 'false'], environment, { cwd: copy.folder })

  beforeAll(async () => {
    copy = await createScratchCopy()
    const stack = await createMakeStack(copy.folder, {
      RUNTIME: 'local',
      CONSOLE: '0',
      REGISTRY_PORT: String(await findFreePort()),
      UP_SECONDS: '300',
    })
    environment = stack.environment
  }, 120_000)
  afterAll(async () => {
    await run('make clean')
    await copy.remove()
  }, 200_000)

  it('goes as it is written: refused with 409, allowed when the subject is FORWARD', async () => {
    const readme = await readFile(join(copy.folder, 'pipelines', 'users', 'README.md'), 'utf8')
    const steps = readSteps(readme, /^## .*experiment/m)
    expect(steps.map(({ length }) => length)).toEqual([4, 2, 2, 1, 2])
    const [[up, list] = [], [, field = ''] = [], [check] = [], [forward] = [], [register] = []] = steps

    const started = await run(up)
    expect([started.code, started.code === 0 ? '' : started.stdout + started.stderr]).toEqual([0, ''])
    const before = await run(list)
    expect(before.stdout).toMatch(/^user_json-value +JSON +1 +\d+ +BACKWARD$/m)
    expect(before.stdout).toMatch(/^user_protobuf-value +PROTOBUF +1 +\d+ +BACKWARD$/m)

    const file = join(copy.folder, 'pipelines', 'users', 'user.ts')
    const source = await readFile(file, 'utf8')
    const anchor = '    name: Type.String({'
    expect(source.split(anchor)).toHaveLength(2)
    await writeFile(file, source.replace(anchor, `    ${field}\n${anchor}`))

    const refused = await run(check)
    expect(refused.code).toBe(2)
    expect(refused.stdout).toMatch(/^user_json +user_json-value +refused$/m)
    expect(refused.stderr).toMatch(
      /user_json: expected a schema that is compatible with those of user_json-value, got 409 /,
    )

    expect(await run(forward)).toMatchObject({ code: 0 })
    expect(await run(register)).toMatchObject({ code: 0 })
    expect((await run(list)).stdout).toMatch(/^user_json-value +JSON +2 +\d+ +FORWARD$/m)
  }, 540_000)
})
