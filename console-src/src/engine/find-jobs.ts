import { messageOf } from '@kafka-etl/common'
import type { FlinkCluster } from '@kafka-etl/engine/flink/cluster'
import { readNewestJobs } from '@kafka-etl/engine/flink/newest-jobs'
import type { EngineState, JobState } from '../protocol.js'

/** The part of Flink that the console uses. It only reads. */
export type FlinkReader = Pick<FlinkCluster, 'listJobs' | 'readProgress' | 'readLastFailure'>

export type FoundJob = JobState & { readonly id: string; readonly startedAtMs: number }

/** The newest job of each name and its state. Rejects if Flink does not answer. */
export const findJobs = async (flink: FlinkReader, nowMs: number): Promise<readonly FoundJob[]> => {
  const newest = await readNewestJobs(flink)
  return newest.map(({ id, name, state, isWorking, startedAtMs, restarts, lastCheckpointAtMs }) => {
    const checkpointAgeMs = lastCheckpointAtMs === 0 ? undefined : Math.max(0, nowMs - lastCheckpointAtMs)
    return { id, name, state, isWorking, startedAtMs, restarts, checkpointAgeMs }
  })
}

/** Never rejects: the page also shows that Flink does not answer. */
export const askEngine = async (flink: FlinkReader | undefined, nowMs: number): Promise<EngineState> => {
  if (!flink) return undefined
  try {
    const jobs = await findJobs(flink, nowMs)
    return {
      ok: true,
      jobs: jobs.map(({ name, state, isWorking, restarts, checkpointAgeMs }) => ({
        ...{ name, state, isWorking, restarts, checkpointAgeMs },
      })),
    }
  } catch (error) {
    return { ok: false, reason: messageOf(error).slice(0, 300) }
  }
}
