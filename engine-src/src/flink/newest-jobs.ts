import type { FlinkJob } from '../jobs/plan-jobs.js'
import type { FlinkCluster, JobProgress } from './cluster.js'

/** The newest job of each name and its progress, the newest first. Rejects if Flink does not answer. */
export const readNewestJobs = async (
  cluster: Pick<FlinkCluster, 'listJobs' | 'readProgress'>,
): Promise<readonly (FlinkJob & JobProgress)[]> => {
  const newestFirst = (await cluster.listJobs()).toSorted((one, other) => other.startedAtMs - one.startedAtMs)
  const newest = newestFirst.filter(({ name }, index) => newestFirst.findIndex((job) => job.name === name) === index)
  return Promise.all(newest.map(async (job) => ({ ...job, ...(await cluster.readProgress(job.id)) })))
}
