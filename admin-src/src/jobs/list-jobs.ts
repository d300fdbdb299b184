import type { FlinkCluster } from '@kafka-etl/engine/flink/cluster'
import { readNewestJobs } from '@kafka-etl/engine/flink/newest-jobs'
import { formatTable } from '@kafka-etl/common'
import type { Report } from '../report.js'

/** The newest job of each name and its state. */
export const reportJobs = async (cluster: FlinkCluster, nowMs: number): Promise<Report> => {
  const newest = await readNewestJobs(cluster)
  const jobs = newest.map(({ id, name, state, isWorking, restarts, lastCheckpointAtMs }) => {
    const checkpointAgeSeconds = lastCheckpointAtMs === 0 ? undefined : Math.round((nowMs - lastCheckpointAtMs) / 1000)
    return { name, state, isWorking, restarts, checkpointAgeSeconds, id }
  })
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
