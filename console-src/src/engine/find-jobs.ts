import { messageOf } from '@kafka-etl/common'
import type { FlinkCluster } from '@kafka-etl/engine/flink/cluster'
import type { EngineState, JobState } from '../protocol.js'

/** Flink as far as the console asks it: it reads. */
export type FlinkReader = Pick<FlinkCluster, 'listJobs' | 'readProgress' | 'readLastFailure'>

export type FoundJob = JobState & { readonly id: string; readonly startedAtMs: number }

/** The newest job of each name, and how it does. Rejects if Flink does not answer. */
export const findJobs = async (flink: FlinkReader, nowMs: number): Promise<readonly FoundJob[]> => {
  const newestFirst = (await flink.listJobs()).toSorted((one, other) => other.startedAtMs - one.startedAtMs)
  const newest = newestFirst.filter(({ name }, index) => newestFirst.findIndex((job) => job.name === name) === index)
  return Promise.all(
    newest.map(async ({ id, name, state, isWorking, startedAtMs }) => {
      const { restarts, lastCheckpointAtMs } = await flink.readProgress(id)
      const checkpointAgeMs = lastCheckpointAtMs === 0 ? undefined : Math.max(0, nowMs - lastCheckpointAtMs)
      return { id, name, state, isWorking, startedAtMs, restarts, checkpointAgeMs }
    }),
  )
}

/** Never rejects: that Flink does not answer is part of what the page shows. */
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
