import { readSamples } from '../metrics-text.js'
import type { PartStatus } from '../part-status.js'
import type { Probe } from '../broker/probe.js'
import { fetchMetrics } from '../service-probe.js'

const answerMs = 2_000

const ask = async <T>(url: string): Promise<T> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  return (await response.json()) as T
}

const probe = async (question: () => Promise<Probe>): Promise<Probe> => {
  try {
    return await question()
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Whether the JobManager leads: only then does it answer questions about the cluster. */
export const probeJobManager = (port: number): Promise<Probe> =>
  probe(async () => {
    await ask(`http://127.0.0.1:${port}/overview`)
    return { ok: true }
  })

/** Whether the TaskManager has registered under its name. */
export const probeTaskManager = (name: string, jobManagerPort: number): Promise<Probe> =>
  probe(async () => {
    type Registered = { readonly taskmanagers: readonly { readonly id: string }[] }
    const { taskmanagers } = await ask<Registered>(`http://127.0.0.1:${jobManagerPort}/taskmanagers`)
    return taskmanagers.some(({ id }) => id === name)
      ? { ok: true }
      : { ok: false, reason: 'has not registered with the JobManager yet' }
  })

/** A row for each job, as the engine service last saw it; none if the service does not respond. */
export const readJobStatus = async (engineHttpPort: number): Promise<readonly PartStatus[]> => {
  const page = await fetchMetrics(engineHttpPort)
  return page === undefined ? [] : listJobStatus(page)
}

/** The jobs in the engine's metrics. */
export const listJobStatus = (page: string): readonly PartStatus[] => {
  const byJob = (name: string): ReadonlyMap<string, number> =>
    new Map(readSamples(page, name).map(({ labels, value }) => [labels.job ?? '', value]))
  const ages = byJob('engine_checkpoint_age_seconds')
  const restarts = byJob('engine_job_restarts_total')
  const older = byJob('engine_job_older_text')
  return [...byJob('engine_job_running')].map(([job, running]) => ({
    name: `job ${job}`,
    state: running === 1 ? 'running' : 'restarting',
    health: running === 1 ? 'healthy' : 'unhealthy',
    process: '-',
    restarts: restarts.get(job) ?? 0,
    reason: describeCheckpoint(ages.get(job)),
    ...(older.get(job) === 1 ? { advice: adviseOnOlderText(job) } : {}),
  }))
}

const describeCheckpoint = (ageSeconds: number | undefined): string =>
  ageSeconds === undefined ? 'no checkpoint yet' : `last checkpoint ${Math.round(ageSeconds)} s ago`

const adviseOnOlderText = (job: string): string =>
  `runs with an older version of its SQL file: \`npm run admin -- jobs savepoint ${job}\` stops it, and it continues from there with the file as it is now`
