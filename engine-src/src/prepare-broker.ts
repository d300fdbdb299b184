import type { Environment, Logger } from '@kafka-etl/common'
import type { EngineAccessNames, KafkaAdmin } from '@kafka-etl/kafka'
import { readJobFiles } from './job-files.js'
import type { JobFile } from './sql/job-file.js'
import { prepareTopics } from './topics.js'

export type PrepareBrokerOptions = {
  readonly admin: Pick<KafkaAdmin, 'readPartitionCounts' | 'awaitPartitionCounts' | 'createTopics'>
  readonly logger: Logger
  /** The pipeline's folder. */
  readonly folder: string
  readonly pipeline: string
  /** The variables for SQL files. */
  readonly environment: Environment
}

/**
 * For setting up a broker on which the engine may not create topics: creates those that its jobs write, and resolves to
 * the access that the jobs need. Throws if the SQL files have faults.
 */
export const prepareBrokerForJobs = async (options: PrepareBrokerOptions): Promise<EngineAccessNames> => {
  const { admin, logger, folder, pipeline } = options
  // Both occur only in table options, which nothing here reads.
  const environment = { ...options.environment, KAFKA_BROKERS: 'kafka:9092', ENGINE_TRANSACTION_TIMEOUT_MS: '1' }
  const { jobs, faults } = await readJobFiles(folder, pipeline, environment)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  for (const job of jobs) await prepareTopics(admin, job, logger)
  return listEngineAccess(jobs)
}

/** The topics, groups and transactional ids of the jobs, each once. */
export const listEngineAccess = (jobs: readonly JobFile[]): EngineAccessNames => {
  const tables = jobs.flatMap((job) => job.tables)
  const topicsOf = (isSink: boolean): readonly string[] =>
    unique(tables.filter((table) => table.isSink === isSink).flatMap(({ topics }) => topics))
  return {
    read: topicsOf(false),
    written: topicsOf(true),
    groups: unique(tables.flatMap(({ groupId }) => groupId ?? [])),
    transactionalIdPrefixes: unique(tables.flatMap(({ transactionalIdPrefix }) => transactionalIdPrefix ?? [])),
  }
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)]
