import { describe, expect, it } from '@jest/globals'
import type { FlinkCluster } from '@kafka-etl/engine/flink/cluster'
import { reportCancellation, reportSavepoint } from '../../src/jobs/end-job.js'
import { reportJobs } from '../../src/jobs/list-jobs.js'

type Job = Awaited<ReturnType<FlinkCluster['listJobs']>>[number]

const job = (id: string, state: string, startedAtMs: number): Job => ({
  ...{ id, name: 'running-sum', state, startedAtMs },
  isWorking: state === 'RUNNING',
  textHash: '',
  accessMark: 'none',
})

/** A cluster with these jobs, whose savepoint is complete at the second check. */
const clusterOf = (jobs: readonly Job[]) => {
  const ended: string[] = []
  let looks = 0
  const cluster: FlinkCluster = {
    countTaskManagers: () => Promise.resolve(1),
    listJobs: () => Promise.resolve(jobs),
    readProgress: () => Promise.resolve({ restarts: 2, lastCheckpointAtMs: 7_000 }),
    readLastFailure: () => Promise.resolve(undefined),
    cancel: (id) => {
      ended.push(id)
      return Promise.resolve()
    },
    requestSavepoint: () => Promise.resolve('request'),
    findSavepoint: () => {
      looks += 1
      return Promise.resolve(looks > 1 ? 'file:/savepoint-1' : undefined)
    },
  }
  return { cluster, ended }
}

describe('the commands about jobs', () => {
  it('list the newest job of each name, and say by the exit code whether all work', async () => {
    const { cluster } = clusterOf([job('old', 'CANCELED', 1), job('new', 'RUNNING', 2)])
    const { text, exitCode } = await reportJobs(cluster, 10_000)
    expect(text).toMatch(/running-sum +RUNNING +2 +3 s ago +new/)
    expect(text).not.toContain('old')
    expect(exitCode).toBe(0)
    expect((await reportJobs(clusterOf([job('new', 'RESTARTING', 2)]).cluster, 10_000)).exitCode).toBe(1)
  })

  it('cancel the job of a name that runs', async () => {
    const { cluster, ended } = clusterOf([job('old', 'CANCELED', 1), job('new', 'RUNNING', 2)])
    expect((await reportCancellation(cluster, 'running-sum')).text).toContain('from its last checkpoint')
    expect(ended).toEqual(['new'])
  })

  it('wait for the savepoint, and say where it is', async () => {
    const { cluster } = clusterOf([job('new', 'RUNNING', 2)])
    const clock = { monotonicMs: () => 0, sleep: () => Promise.resolve() }
    expect((await reportSavepoint(cluster, 'running-sum', clock)).text).toContain('file:/savepoint-1')
  })

  it('refuse a name that no job has, with those that there are', async () => {
    const { cluster } = clusterOf([job('old', 'CANCELED', 1)])
    await expect(reportCancellation(cluster, 'sum')).rejects.toThrow(
      'expected the name of a job that runs (Flink knows running-sum), got sum',
    )
  })
})
