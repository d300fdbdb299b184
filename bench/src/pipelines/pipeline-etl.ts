import { join } from 'node:path'
import type { Contender } from '../candidate.js'
import type { PipelineJob } from './pipeline-run.js'

/** The environment of a service for a job of this pipeline: a separate group and dead letters, no HTTP. */
export const pipelineEnvironment = (pipeline: string, { id, bootstrap }: PipelineJob): Record<string, string> => ({
  NODE_ENV: 'production',
  LOG_FORMAT: 'json',
  PIPELINE: pipeline,
  KAFKA_BROKERS: bootstrap,
  DEAD_LETTER_TOPIC: `${id}-dead`,
  HTTP_PORT: '0',
  ETL_GROUP_ID: id,
})

/** The built ETL with a pipeline, as `PIPELINE=<name> npm run etl` runs it, one instance. */
export const createPipelineEtl = (
  pipeline: string,
  settings: Readonly<Record<string, string>> = {},
): Contender<PipelineJob> => ({
  name: 'etl',
  title: 'this ETL',
  guarantee: 'exactly once, ordered',
  checkLevel: 'exact',
  prepare: () => Promise.resolve(undefined),
  commands: (job) => [
    {
      command: process.execPath,
      args: [...nodeOptions(), join(job.folders.root, 'etl-src', 'dist', 'main.js')],
      cwd: job.folders.data,
      environment: { ...pipelineEnvironment(pipeline, job), ...settings },
    },
  ],
})

/** For profiles: `BENCH_NODE_OPTIONS=--cpu-prof make bench`. */
const nodeOptions = (): readonly string[] =>
  (process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '')
