import type { FlowJob, Job } from '../protocol.js'
import { withoutDeceit } from '../records/shown-bytes.js'
import { findJobs, type FlinkReader } from './find-jobs.js'

const mostException = 4_096

/** Flink's jobs, with the last failure of each. */
export const listJobs = async (flink: FlinkReader, known: readonly FlowJob[], nowMs: number): Promise<readonly Job[]> =>
  Promise.all(
    (await findJobs(flink, nowMs)).map(async ({ id, startedAtMs, ...job }) => {
      const exception = await flink.readLastFailure(id)
      return {
        ...job,
        file: known.find(({ name }) => name === job.name)?.file,
        runningMs: Math.max(0, nowMs - startedAtMs),
        exception: exception === undefined ? undefined : withoutDeceit(exception.slice(0, mostException)),
      }
    }),
  )
