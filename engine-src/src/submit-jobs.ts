import { join, resolve } from 'node:path'
import { messageOf } from '@kafka-etl/common'
import type { EngineContext } from './engine-context.js'
import { openGateway } from './flink/gateway-process.js'
import { findNewestState, planJobStorage } from './jobs/job-storage.js'
import { RefusedSqlError, submitJob } from './jobs/submit-job.js'
import type { EngineMetrics } from './metrics.js'
import type { JobFile } from './sql/job-file.js'
import { prepareTopics } from './topics.js'

export type Submissions = {
  /** Sentences about jobs that could not be submitted this time. */
  readonly problems: readonly string[]
  /** Sentences about SQL that Flink will never accept. */
  readonly refusals: readonly string[]
}

/** Submits the jobs whose topics exist, each from the newest state of a job with its name. */
export const submitJobs = async (
  context: EngineContext,
  metrics: EngineMetrics,
  jobs: readonly JobFile[],
): Promise<Submissions> => {
  const { jobs: prepared, problems } = await findPreparedJobs(context, jobs)
  if (prepared.length === 0) return { problems, refusals: [] }
  if ((await context.cluster.countTaskManagers()) === 0)
    return { problems: [...problems, 'no TaskManager has registered yet'], refusals: [] }
  const { settings, clock } = context
  const gateway = await openGateway({ url: settings.gatewayUrl, command: settings.gatewayCommand }, clock)
  const failures: string[] = []
  const refusals: string[] = []
  try {
    for (const job of prepared) {
      await submit(context, metrics, gateway.url, job).catch((error: unknown) => {
        if (error instanceof RefusedSqlError) refusals.push(error.message)
        else failures.push(messageOf(error))
      })
    }
  } finally {
    await gateway.close()
  }
  return { problems: [...problems, ...failures], refusals }
}

const findPreparedJobs = async (
  { kafka, logger }: EngineContext,
  jobs: readonly JobFile[],
): Promise<{ readonly jobs: readonly JobFile[]; readonly problems: readonly string[] }> => {
  const admin = await kafka.connectAdmin()
  try {
    const prepared: JobFile[] = []
    const problems: string[] = []
    for (const job of jobs) {
      const missing = await prepareTopics(admin, job, logger)
      if (missing.length === 0) prepared.push(job)
      else problems.push(`${job.name} waits for ${missing.join(', ')}, which it reads and which is not there`)
    }
    return { jobs: prepared, problems }
  } finally {
    await admin.close()
  }
}

const submit = async (
  { settings, kafkaOptions, logger, clock }: EngineContext,
  metrics: EngineMetrics,
  gatewayUrl: string,
  job: JobFile,
): Promise<void> => {
  const storage = planJobStorage(resolve(join(settings.stateDir, settings.pipeline)), job.name)
  const state = await findNewestState(storage)
  await submitJob({ gatewayUrl, job, storage, kafkaOptions, state, clock })
  metrics.jobsSubmitted.inc({ job: job.name })
  logger.info(
    { job: job.name, file: job.file, state },
    `submitted ${job.name} (${job.file})${state === undefined ? '' : `, which continues from ${state}`}`,
  )
}
