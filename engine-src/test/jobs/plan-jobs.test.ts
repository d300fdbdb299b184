import { describe, expect, it } from '@jest/globals'
import { planJobs, type FlinkJob } from '../../src/jobs/plan-jobs.js'
import type { JobFile } from '../../src/sql/job-file.js'

const file: JobFile = {
  file: 'connector/sum.sql',
  name: 'running-sum',
  statements: [],
  textHash: 'new',
  tables: [],
  parallelism: 1,
}

const jobIn = (state: string, textHash = 'new'): FlinkJob => ({
  id: state,
  name: 'running-sum',
  state,
  isWorking: state === 'RUNNING',
  startedAtMs: 0,
  textHash,
})

describe('planJobs', () => {
  it('submits what is not there, and what has ended', () => {
    expect(planJobs([file], [])).toEqual([{ action: 'submit', file }])
    for (const state of ['CANCELED', 'FAILED', 'FINISHED']) {
      expect(planJobs([file], [jobIn(state)])).toEqual([{ action: 'submit', file }])
    }
  })

  it('leaves alone what runs or is on its way, beside ended jobs of its name', () => {
    for (const state of ['RUNNING', 'RESTARTING', 'INITIALIZING', 'CREATED', 'FAILING', 'SUSPENDED']) {
      const job = jobIn(state)
      expect(planJobs([file], [jobIn('CANCELED'), job])).toEqual([{ action: 'leave', file, job, isOlderText: false }])
    }
  })

  it('leaves a job of an older text alone, and says so', () => {
    const job = jobIn('RUNNING', 'old')
    expect(planJobs([file], [job])).toEqual([{ action: 'leave', file, job, isOlderText: true }])
  })
})
