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

const jobIn = (state: string, textHash = 'new', accessMark?: string): FlinkJob => ({
  id: state,
  name: 'running-sum',
  state,
  isWorking: state === 'RUNNING',
  startedAtMs: 0,
  textHash,
  accessMark,
})

describe('planJobs', () => {
  it('submits what is not there, and what has ended', () => {
    expect(planJobs([file], [], 'none')).toEqual([{ action: 'submit', file }])
    for (const state of ['CANCELED', 'FAILED', 'FINISHED']) {
      expect(planJobs([file], [jobIn(state)], 'none')).toEqual([{ action: 'submit', file }])
    }
  })

  it('leaves alone what runs or is on its way, beside ended jobs of its name', () => {
    for (const state of ['RUNNING', 'RESTARTING', 'INITIALIZING', 'CREATED', 'FAILING', 'SUSPENDED']) {
      const job = jobIn(state)
      expect(planJobs([file], [jobIn('CANCELED'), job], 'none')).toEqual([
        { action: 'leave', file, job, isOlderText: false },
      ])
    }
  })

  it('leaves a job of an older text alone, and says so', () => {
    const job = jobIn('RUNNING', 'old')
    expect(planJobs([file], [job], 'none')).toEqual([{ action: 'leave', file, job, isOlderText: true }])
  })

  it('ends a job that comes to Kafka in another way than holds now', () => {
    const plain = jobIn('RESTARTING')
    expect(planJobs([file], [plain], 'tls')).toEqual([{ action: 'end', file, job: plain }])
    expect(planJobs([file], [jobIn('RUNNING', 'new', 'tls')], 'none')).toMatchObject([{ action: 'end' }])
    expect(planJobs([file], [jobIn('RUNNING', 'new', 'tls')], 'tls')).toMatchObject([{ action: 'leave' }])
  })

  it('leaves a job alone of which Flink does not say how it comes to Kafka, since it is just being recovered', () => {
    const job = { ...jobIn('INITIALIZING'), textHash: undefined }
    expect(planJobs([file], [job], 'tls')).toMatchObject([{ action: 'leave' }])
  })
})
