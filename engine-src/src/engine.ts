import { messageOf, SettingsError, type Service } from '@kafka-etl/common'
import { waitForKafka } from '@kafka-etl/kafka'
import type { EngineContext } from './engine-context.js'
import { createHealth, livenessOf, readinessOf, type EngineHealth } from './health.js'
import { readJobFiles, type JobFiles } from './job-files.js'
import { markOfAccess } from './kafka-options.js'
import { planJobs, type FlinkJob } from './jobs/plan-jobs.js'
import { createEngineMetrics, type EngineMetrics } from './metrics.js'
import { submitJobs } from './submit-jobs.js'
import { createWatchJobs, type WatchJobs } from './watch-jobs.js'

const pauseMs = 1_000

/** The service that keeps one Flink job running for each SQL file of the pipeline, and watches them. */
export const createEngine = (context: EngineContext): Service => {
  const { clock, logger, settings } = context
  const metrics = createEngineMetrics(context.registry)
  const health = createHealth()
  const watchJobs = createWatchJobs(context, metrics)
  const run = async (stopping: AbortSignal): Promise<void> => {
    const { jobs } = refuseFaults(await readFiles(context))
    // A series for each job from the start, not only once Flink has it.
    for (const { name } of jobs) metrics.jobRunning.set({ job: name }, 0)
    await waitForKafka({ ...context, timeoutMs: settings.kafkaWaitSeconds * 1000, stopping })
    while (!stopping.aborted) {
      const problems = await lookOnce({ context, metrics, watchJobs }).catch((error: unknown) => {
        if (error instanceof SettingsError) throw error
        return [messageOf(error)]
      })
      tellChange(health, problems, logger)
      health.problems = problems
      health.lookedAtMs = clock.monotonicMs()
      await clock.sleep(pauseMs, stopping)
    }
  }
  return {
    run,
    liveness: () => livenessOf(health, clock.monotonicMs()),
    readiness: () => readinessOf(health),
  }
}

const readFiles = ({ folder, settings, environment }: EngineContext): Promise<JobFiles> =>
  readJobFiles(folder, settings.pipeline, environment)

const refuseFaults = (files: JobFiles): JobFiles => {
  if (files.faults.length > 0) throw new SettingsError(files.faults.join('\n'))
  return files
}

type Look = { readonly context: EngineContext; readonly metrics: EngineMetrics; readonly watchJobs: WatchJobs }

/** Reconciles Flink's jobs with the SQL files once; resolves to the problems that keep jobs from working. */
const lookOnce = async ({ context, metrics, watchJobs }: Look): Promise<readonly string[]> => {
  const { jobs, faults } = await readFiles(context)
  const plans = planJobs(jobs, await context.cluster.listJobs(), markOfAccess(context.kafkaOptions))
  const ending = await endJobs(
    context,
    plans.flatMap((plan) => (plan.action === 'end' ? [plan.job] : [])),
  )
  const missing = plans.flatMap((plan) => (plan.action === 'submit' ? [plan.file] : []))
  for (const { name } of missing) metrics.jobRunning.set({ job: name }, 0)
  const watched = await watchJobs(plans.flatMap((plan) => (plan.action === 'leave' ? [plan] : [])))
  if (missing.length === 0) return [...faults, ...ending, ...watched]
  const { problems, refusals } = await submitJobs(context, metrics, missing)
  if (refusals.length > 0) throw new SettingsError(refusals.join('\n'))
  const submitted = problems.length === 0 ? [`${missing.map(({ name }) => name).join(', ')}: being started`] : problems
  return [...faults, ...ending, ...watched, ...submitted]
}

/** Ends jobs, which keep their last checkpoints. Resolves to the sentences to report until they have ended. */
const endJobs = async ({ cluster, logger }: EngineContext, jobs: readonly FlinkJob[]): Promise<readonly string[]> => {
  for (const { id, name } of jobs) {
    logger.info({ job: name }, `ending ${name}: its access to Kafka is out of date`)
    await cluster.cancel(id)
  }
  return jobs.map(({ name }) => `${name}: being ended, to continue with the current access to Kafka`)
}

const tellChange = (health: EngineHealth, problems: readonly string[], logger: EngineContext['logger']): void => {
  const [before, now] = [health.problems.join('; '), problems.join('; ')]
  if (before === now) return
  if (problems.length === 0) logger.info('every job works')
  else logger.warn(now)
}
