import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import { parseJobFile } from '@kafka-etl/engine/sql/job-file'
import type { FlowJob } from '../protocol.js'

/** The jobs in a pipeline's folder, from its SQL files. Skips a file with a fault: the engine reports that. */
export const readFlowJobs = (folder: string, pipeline: string, environment: Environment): readonly FlowJob[] => {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sql')) : []
  // No topic depends on these.
  const filled = { KAFKA_BROKERS: '-', ENGINE_TRANSACTION_TIMEOUT_MS: '0', ...environment }
  return names.toSorted().flatMap((name) => {
    const parsed = parseJobFile(`${pipeline}/${name}`, readFileSync(join(folder, name), 'utf8'), filled)
    if (!parsed.ok) return []
    const { job } = parsed
    const topicsOf = (isSink: boolean): readonly string[] => [
      ...new Set(job.tables.filter((table) => table.isSink === isSink).flatMap(({ topics }) => topics)),
    ]
    return [{ name: job.name, file: job.file, reads: topicsOf(false), writes: topicsOf(true) }]
  })
}
