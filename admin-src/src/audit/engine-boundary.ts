import { join } from 'node:path'
import { readJobFiles } from '@kafka-etl/engine/job-files'
import type { ConnectedContext } from '../context.js'

/** What a job of the engine writes. The audit has no step that could recompute it. */
export type EngineJob = { readonly job: string; readonly file: string; readonly writes: readonly string[] }

type EngineContext = Pick<ConnectedContext, 'definitions' | 'pipeline'> & {
  readonly admin: Pick<ConnectedContext['admin'], 'readPartitionCounts'>
}

/** Variables that the engine service sets itself; no topic depends on them. */
const filledByEngine = { KAFKA_BROKERS: '-', ENGINE_TRANSACTION_TIMEOUT_MS: '0' }

/**
 * The jobs of the pipeline's SQL files, by the topics they write; without jobs that have never run, as without
 * ENGINE=1.
 */
export const listEngineJobs = async ({
  definitions,
  pipeline: { definition },
  admin,
}: EngineContext): Promise<readonly EngineJob[]> => {
  const { jobs } = await readJobFiles(join(definitions.folder, definition.name), definition.name, filledByEngine)
  const found = jobs.map(({ name, file, tables }) => ({
    job: name,
    file,
    writes: tables.filter(({ isSink }) => isSink).flatMap(({ topics }) => topics),
  }))
  const existing = await admin.readPartitionCounts(found.flatMap(({ writes }) => writes))
  return found.filter(({ writes }) => writes.some((topic) => existing.has(topic)))
}

/** Describes what `audit` does not cover. */
export const describeEngineJobs = (jobs: readonly EngineJob[]): readonly string[] =>
  jobs.map(
    ({ job, file, writes }) =>
      `Not checked, because Flink writes it: ${writes.join(', ')} (job ${job}, ${file}). Beyond the topics that it reads, its checkpoints and transactions make each record count once.`,
  )
