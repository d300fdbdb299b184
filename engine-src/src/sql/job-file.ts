import { createHash } from 'node:crypto'
import type { Environment } from '@kafka-etl/common'
import { fillVariables } from './fill-variables.js'
import { splitStatements, type Statement } from './split-statements.js'
import { findTopicTables, type TopicTable } from './tables.js'

/** A SQL file as one job. */
export type JobFile = {
  /** The name for people: `connector/sum.sql`. */
  readonly file: string
  /** `pipeline.name`: the name of the job in Flink. */
  readonly name: string
  readonly statements: readonly Statement[]
  /** The hash of the statements as they are submitted: two files with the same hash are the same job. */
  readonly textHash: string
  readonly tables: readonly TopicTable[]
  readonly parallelism: number
}

export type JobFileResult =
  { readonly ok: true; readonly job: JobFile } | { readonly ok: false; readonly faults: readonly string[] }

/** Parses a SQL file. Faults that can be found without Flink are returned as sentences with file and line. */
export const parseJobFile = (file: string, sql: string, environment: Environment): JobFileResult => {
  const filled = splitStatements(sql).map(({ text, line }) => ({ line, ...fillVariables(text, environment) }))
  const faults = filled.flatMap(({ line, missing }) =>
    missing.map(
      (name) => `${file}:${line}: expected ${name} to be set, or a default as in \${${name}:-…}, got neither`,
    ),
  )
  const [first] = filled
  const name = first && settingOf('pipeline.name', first.text)
  if (first === undefined || name === undefined || !isJobName(name)) {
    const got = first === undefined ? 'an empty file' : (name ?? first.text.split('\n')[0])
    faults.push(
      `${file}:${first?.line ?? 1}: expected SET 'pipeline.name' = '<name>' first, a name of a-z, A-Z, 0-9, '.', '_', '-', got ${got}`,
    )
  }
  if (faults.length > 0 || name === undefined) return { ok: false, faults }
  const statements = filled.map(({ text, line }) => ({ text, line }))
  const parallelism = statements.map(({ text }) => settingOf('parallelism.default', text)).findLast(Boolean)
  return {
    ok: true,
    job: {
      file,
      name,
      statements,
      textHash: hashOf(statements),
      tables: findTopicTables(statements),
      parallelism: Number(parallelism ?? 1) || 1,
    },
  }
}

/** Finds files with the same job name: Flink would run both jobs, and they could not be distinguished. */
export const findSharedNames = (jobs: readonly JobFile[]): readonly string[] =>
  jobs.flatMap(({ file, name }, index) => {
    const earlier = jobs.slice(0, index).find((job) => job.name === name)
    return earlier ? [`${file}:1: expected a pipeline.name of its own, got ${name}, which is ${earlier.file}'s`] : []
  })

const isJobName = (name: string): boolean => /^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,99}$/.test(name)

const settingOf = (key: string, text: string): string | undefined =>
  new RegExp(`^SET\\s+'${key.replaceAll('.', '\\.')}'\\s*=\\s*'([^']*)'$`, 'i').exec(text)?.[1]

const hashOf = (statements: readonly Statement[]): string =>
  createHash('sha256')
    .update(statements.map(({ text }) => text.replaceAll(/\s+/g, ' ')).join(';'))
    .digest('hex')
    .slice(0, 16)
