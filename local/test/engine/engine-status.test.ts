import { describe, expect, it } from '@jest/globals'
import { listJobStatus } from '../../src/engine/engine-status.js'

const page = `# TYPE engine_job_running gauge
engine_job_running{job="sum"} 1
engine_job_running{job="rides"} 0
engine_job_older_text{job="sum"} 1
engine_checkpoint_age_seconds{job="sum"} 3.608
engine_job_restarts_total{job="sum"} 2
`

describe('listJobStatus', () => {
  it('has a row for each job, with its restarts and the age of its checkpoint', () => {
    expect(listJobStatus(page)).toEqual([
      {
        ...{ name: 'job sum', state: 'running', health: 'healthy', process: '-', restarts: 2 },
        reason: 'last checkpoint 4 s ago',
        advice: expect.stringContaining('jobs savepoint sum'),
      },
      {
        ...{ name: 'job rides', state: 'restarting', health: 'unhealthy', process: '-', restarts: 0 },
        reason: 'no checkpoint yet',
      },
    ])
  })
})
