import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'

const run = promisify(execFile)

const moduleUrl = pathToFileURL(join(repositoryRoot, 'common-src', 'dist', 'young-generation.js')).href

/** Has a process allocate what survives for a while, as batches do, and tells the size of its young generation in MiB. */
const script = `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { setImmediate as turn } from 'node:timers/promises'
  import { keepYoungGenerationSmall, letYoungGenerationGrowOnce } from ${JSON.stringify(moduleUrl)}
  const youngMib = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20
  const load = async () => {
    let kept = []
    for (let round = 0; round < 400; round++) {
      kept = [...kept.slice(-20), Array.from({ length: 2_000 }, (_, index) => ({ index, round }))]
      await turn()
    }
    return youngMib()
  }
  keepYoungGenerationSmall()
  const small = [await load(), await load()]
  letYoungGenerationGrowOnce()
  const grown = [await load(), await load()]
  process.stdout.write(JSON.stringify({ small, grown }))`

it('the young generation stays as it is, then grows eightfold under load, and no further', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script])
  const { small, grown } = JSON.parse(stdout) as {
    readonly small: readonly number[]
    readonly grown: readonly number[]
  }
  // Sizes are those of 2 and 16 MiB, and now and then of some pages more.
  expect(small.map(Math.floor)).toEqual([2, 2])
  expect(grown.map((size) => Math.floor(size / 8))).toEqual([2, 2])
}, 30_000)
