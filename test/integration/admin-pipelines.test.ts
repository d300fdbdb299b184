import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { listPipelineNames } from '@kafka-etl/pipeline/loading'
import { repositoryRoot } from '../support/repository.js'
import { makeTemporaryFolder } from '../support/temporary-folder.js'

type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

/** Runs the built command without any broker. */
const runPipelines = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const main = join(repositoryRoot, 'admin-src', 'dist', 'main.js')
    execFile(process.execPath, [main, 'pipelines', ...args], { cwd: tmpdir() }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr })
    })
  })

describe('npm run admin -- pipelines', () => {
  it('tries the readings of a file without Kafka', async () => {
    const file = join(await makeTemporaryFolder('pipelines'), 'readings.jsonl')
    await writeFile(file, '{"station_id":"USW00003192","date":"2016-04-23T00:00:00","TMIN":8.9}\n{"station_id":"XX"}\n')
    const { exitCode, stdout, stderr } = await runPipelines('try', 'noaa', 'flat', file)
    const topics = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly topic: string }).topic)
    expect(topics).toEqual(['noaa-json', 'noaa-json-us-az', 'noaa-alerts'])
    expect(stderr).toContain('noaa-flat/0/1: value_not_valid')
    expect(exitCode).toBe(1)
  }, 30_000)

  it('lists and draws what the build has made', async () => {
    expect((await runPipelines('list')).stdout).toContain('noaa-flat')
    expect((await runPipelines('graph', 'noaa')).stdout).toContain('flowchart LR')
  }, 30_000)

  it('names the pipelines that there are', async () => {
    const { exitCode, stderr } = await runPipelines('graph', 'nooa')
    const names = listPipelineNames(join(repositoryRoot, 'pipelines')).join(', ')
    expect([exitCode, stderr]).toEqual([2, `admin: expected a pipeline (${names}), got nooa\n`])
  }, 30_000)
})
