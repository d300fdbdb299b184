import { describe, expect, it } from '@jest/globals'
import type { JobFile } from '../src/sql/job-file.js'
import { planJobTopics } from '../src/topics.js'

const job: JobFile = {
  file: 'connector/sum.sql',
  name: 'running-sum',
  statements: [],
  textHash: '',
  parallelism: 2,
  tables: [
    { name: 'commits', topics: ['commits'], isUpsert: false, isSink: false },
    { name: 'sum', topics: ['sum'], isUpsert: false, isSink: true },
    { name: 'latest', topics: ['sum_latest'], isUpsert: true, isSink: true },
  ],
}

describe('planJobTopics', () => {
  it('makes what the job writes, with a partition for each of its subtasks, and waits for what it reads', () => {
    expect(planJobTopics(job, new Map())).toEqual({
      create: [
        { topic: 'sum', partitions: 2 },
        { topic: 'sum_latest', partitions: 2, settings: { 'cleanup.policy': 'compact' } },
      ],
      missing: ['commits'],
    })
  })

  it('leaves alone what is there', () => {
    const existing = new Map([
      ['commits', 4],
      ['sum', 1],
      ['sum_latest', 1],
    ])
    expect(planJobTopics(job, existing)).toEqual({ create: [], missing: [] })
  })
})
