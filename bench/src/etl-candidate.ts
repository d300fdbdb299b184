import { join } from 'node:path'
import type { Candidate, Job } from './candidate.js'

/** The environment of our services for a job: separate topics and groups, no HTTP, otherwise defaults. */
export const serviceEnvironment = ({ id, bootstrap, inputs, output }: Job): Record<string, string> => ({
  NODE_ENV: 'production',
  LOG_FORMAT: 'json',
  KAFKA_BROKERS: bootstrap,
  INPUTS: `${inputs[0]}=America/New_York,${inputs[1]}=Europe/Paris`,
  OUTPUT_TOPIC: output,
  DEAD_LETTER_TOPIC: deadLettersOf(output),
  HTTP_PORT: '0',
  ETL_GROUP_ID: id,
})

export const deadLettersOf = (output: string): string => `${output}-dead`

/** The built ETL, as `npm run etl` runs it. */
export const createEtlCandidate = (instanceCount: number): Candidate => ({
  name: `etl-${instanceCount}`,
  title: instanceCount === 1 ? 'this ETL, 1 instance' : `this ETL, ${instanceCount} instances`,
  guarantee: 'exactly once, ordered',
  checkLevel: 'exact',
  outputPartitions: (partitionsPerTopic) => 2 * partitionsPerTopic,
  prepare: () => Promise.resolve(undefined),
  commands: (job) =>
    Array.from({ length: instanceCount }, () => ({
      command: process.execPath,
      args: [join(job.folders.root, 'etl-src', 'dist', 'main.js')],
      cwd: job.folders.data,
      environment: serviceEnvironment(job),
    })),
})
