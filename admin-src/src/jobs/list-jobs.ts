import type { FlinkCluster } from '@kafka-etl/engine/flink/cluster'
import { formatTable } from '@kafka-etl/common'
import type { Report } from '../report.js'

/** The newest job of each name, and how it does. */
export const reportJobs = async (cluster: FlinkCluster, nowMs: number): Promise<Report> => {
  const newestFirst = (await cluster.listJobs()).toSorted((one, other) => other.startedAtMs - one.startedAtMs)
  const newest = newestFirst.filter(({ name }, index) => newestFirst.findIndex((job) => job.name === name) === index)
  const jobs = await Promise.all(
    newest.map(async ({ id, name, state, isWorking }) => {
      const { restarts, lastCheckpointAtMs } = await cluster.readProgress(id)
      const checkpointAgeSeconds =
        lastCheckpointAtMs === 0 ? undefined : Math.round((nowMs - lastCheckpointAtMs) / 1000)
      return { name, state, isWorking, restarts, checkpointAgeSeconds, id }
    }),
  )
  const rows = jobs.map(({ name, state, restarts, checkpointAgeSeconds, id }) => [
    name,
    state,
    String(restarts),
    checkpointAgeSeconds === undefined ? '-' : `${checkpointAgeSeconds} s ago`,
    id,
  ])
  return {
    text:
      jobs.length === 0
        ? 'Flink has no job.'
        : formatTable(['JOB', 'STATE', 'RESTARTS', 'LAST CHECKPOINT', 'ID'], rows),
    json: jobs,
    exitCode: jobs.every(({ isWorking }) => isWorking) ? 0 : 1,
  }
}
