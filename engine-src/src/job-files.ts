import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import { findSharedNames, parseJobFile, type JobFile } from './sql/job-file.js'

export type JobFiles = { readonly jobs: readonly JobFile[]; readonly faults: readonly string[] }

/** The SQL files in a pipeline's folder, ordered by name, and their faults. */
export const readJobFiles = async (folder: string, pipeline: string, environment: Environment): Promise<JobFiles> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const read = await Promise.all(
    names.map(async (name) =>
      parseJobFile(`${pipeline}/${name}`, await readFile(join(folder, name), 'utf8'), environment),
    ),
  )
  const jobs = read.flatMap((result) => (result.ok ? [result.job] : []))
  return { jobs, faults: [...read.flatMap((result) => (result.ok ? [] : result.faults)), ...findSharedNames(jobs)] }
}
