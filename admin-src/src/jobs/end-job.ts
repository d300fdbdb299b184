import { findRunningJob, type FlinkCluster } from '@kafka-etl/engine/flink/cluster'
import type { Clock } from '@kafka-etl/common'
import { UsageError, type Report } from '../report.js'

const lookMs = 200
const savepointMs = 120_000

/** Cancels a job between two checkpoints: what it has written since the last one is undone, and redone later. */
export const reportCancellation = async (cluster: FlinkCluster, name: string): Promise<Report> => {
  const { id } = await requireJob(cluster, name)
  await cluster.cancel(id)
  return {
    text: `${name} is being cancelled. While the engine runs, it submits it again from its last checkpoint, with its SQL file as it is now.`,
    json: { job: name, id },
    exitCode: 0,
  }
}

/** Stops a job once everything that it has read is written, and reports where its state is. */
export const reportSavepoint = async (
  cluster: FlinkCluster,
  name: string,
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>,
): Promise<Report> => {
  const { id } = await requireJob(cluster, name)
  const requestId = await cluster.requestSavepoint({ id, name })
  const deadlineMs = clock.monotonicMs() + savepointMs
  for (;;) {
    const location = await cluster.findSavepoint(id, requestId)
    if (location !== undefined) {
      return {
        text: `${name} is stopped; its savepoint is ${location}. While the engine runs, the job continues from there, with its SQL file as it is now.`,
        json: { job: name, id, savepoint: location },
        exitCode: 0,
      }
    }
    if (clock.monotonicMs() > deadlineMs)
      throw new Error(`expected the savepoint of ${name} within ${savepointMs / 1000} s, got none; the job may run on`)
    await clock.sleep(lookMs)
  }
}

const requireJob = async (cluster: FlinkCluster, name: string): Promise<{ readonly id: string }> => {
  const jobs = await cluster.listJobs()
  const job = findRunningJob(jobs, name)
  if (job !== undefined) return job
  const names = [...new Set(jobs.map((known) => known.name))].join(', ')
  throw new UsageError(
    `expected the name of a job that runs${names === '' ? '' : ` (Flink knows ${names})`}, got ${name}`,
  )
}
