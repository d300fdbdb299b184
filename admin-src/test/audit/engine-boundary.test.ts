import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { describeEngineJobs, listEngineJobs } from '../../src/audit/engine-boundary.js'
import type { AdminContext } from '../../src/context.js'

const contextOf = (name: string, existing: readonly string[]): Parameters<typeof listEngineJobs>[0] => ({
  definitions: { folder: join(__dirname, '..', '..', '..', 'pipelines') } as AdminContext['definitions'],
  pipeline: { definition: { name } } as AdminContext['pipeline'],
  admin: { readPartitionCounts: () => Promise.resolve(new Map(existing.map((topic) => [topic, 1]))) },
})

describe('where audit ends', () => {
  it('is what the jobs of the engine write', async () => {
    const jobs = await listEngineJobs(contextOf('connector', ['sum']))
    expect(jobs).toEqual([{ job: 'running-sum', file: 'connector/sum.sql', writes: ['sum', 'sum_latest'] }])
    expect(describeEngineJobs(jobs)).toEqual([
      expect.stringContaining('Not checked, because Flink writes it: sum, sum_latest (job running-sum'),
    ])
  })

  it('is not told of a pipeline without jobs, nor of jobs that have never run', async () => {
    expect(await listEngineJobs(contextOf('noaa', []))).toEqual([])
    expect(await listEngineJobs(contextOf('timestamps', []))).toEqual([])
  })
})
