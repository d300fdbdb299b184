import { Counter, Gauge, type Registry } from 'prom-client'

/** The engine's metrics; `make ps` takes its lines about jobs from them, too. */
export const createEngineMetrics = (registry: Registry) => {
  const registers = [registry]
  const labelNames = ['job']
  return {
    jobRunning: new Gauge({
      name: 'engine_job_running',
      help: '1 while every task of the job works',
      labelNames,
      registers,
    }),
    jobOlderText: new Gauge({
      name: 'engine_job_older_text',
      help: '1 while the job runs with an older version of its SQL file',
      labelNames,
      registers,
    }),
    checkpointAgeSeconds: new Gauge({
      name: 'engine_checkpoint_age_seconds',
      help: 'Time since the last complete checkpoint of the job, or since its start if there is none yet',
      labelNames,
      registers,
    }),
    jobRestarts: new Counter({
      name: 'engine_job_restarts_total',
      help: 'Restarts of the job after a failure',
      labelNames,
      registers,
    }),
    jobsSubmitted: new Counter({
      name: 'engine_jobs_submitted_total',
      help: 'Submissions of the job by this process',
      labelNames,
      registers,
    }),
  }
}

export type EngineMetrics = ReturnType<typeof createEngineMetrics>
