import type { EngineContext } from './engine-context.js'
import type { JobPlan } from './jobs/plan-jobs.js'
import { describeOlderText } from './jobs/plan-jobs.js'
import { countRestarts, noRestarts, restartsWithoutEnd, type RestartRecord } from './jobs/restarts.js'
import type { EngineMetrics } from './metrics.js'
import { findCause } from './sql/explain-failure.js'

type RunningJob = Extract<JobPlan, { readonly action: 'leave' }>

/** Watches the running jobs: logs changes, and returns a sentence for each job that does not work. */
export type WatchJobs = (running: readonly RunningJob[]) => Promise<readonly string[]>

export const createWatchJobs = (
  { cluster, logger, clock }: Pick<EngineContext, 'cluster' | 'logger' | 'clock'>,
  metrics: EngineMetrics,
): WatchJobs => {
  const records = new Map<string, RestartRecord>()
  const toldOlder = new Set<string>()

  const watch = async ({ job, file, isOlderText }: RunningJob): Promise<string | undefined> => {
    const labels = { job: job.name }
    const progress = await cluster.readProgress(job.id)
    const { record, added } = countRestarts(records.get(job.name) ?? noRestarts, progress)
    records.set(job.name, record)
    metrics.jobRestarts.inc(labels, added)
    metrics.jobRunning.set(labels, job.isWorking ? 1 : 0)
    metrics.jobOlderText.set(labels, isOlderText ? 1 : 0)
    const checkpointAtMs = Math.max(progress.lastCheckpointAtMs, job.startedAtMs)
    metrics.checkpointAgeSeconds.set(labels, Math.max(0, clock.epochMs() - checkpointAtMs) / 1000)
    if (isOlderText && !toldOlder.has(`${job.id} ${file.textHash}`)) {
      toldOlder.add(`${job.id} ${file.textHash}`)
      logger.warn({ job: job.name, file: file.file }, describeOlderText(file))
    }
    if (added > 0) {
      logger.warn(
        { job: job.name, restarts: added },
        `${job.name} was started again by Flink: ${await readCause(job.id)}`,
      )
    }
    if (restartsWithoutEnd(record)) {
      const times = record.sinceCheckpoint
      return `${job.name} restarts without end (${times} times since its last checkpoint): ${await readCause(job.id)}`
    }
    return job.isWorking ? undefined : `${job.name} is ${job.state.toLowerCase()}, not all of its tasks work yet`
  }

  const readCause = async (jobId: string): Promise<string> => {
    const failure = await cluster.readLastFailure(jobId)
    return failure === undefined ? 'Flink gives no cause' : findCause(failure).cause
  }

  return async (running) => {
    const problems: string[] = []
    for (const plan of running) {
      const problem = await watch(plan)
      if (problem !== undefined) problems.push(problem)
    }
    return problems
  }
}
