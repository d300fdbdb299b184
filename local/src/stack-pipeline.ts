import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import { listResults, type PlannedResult } from '@kafka-etl/pipeline'
import { loadRunningPipeline, type RunningPipeline } from '@kafka-etl/pipeline/running'
import { readIfPresent } from './file-age.js'

/** The pipeline of the stack, as `make` needs it. */
export type StackPipeline = RunningPipeline & {
  readonly name: string
  readonly results: readonly PlannedResult[]
  /** The pipeline's own settings, by their names in the environment. */
  readonly settingNames: readonly string[]
  /** The jobs of the engine, by file name. */
  readonly sqlFiles: readonly string[]
}

export type LoadedStackPipeline =
  { readonly ok: true; readonly pipeline: StackPipeline } | { readonly ok: false; readonly faults: readonly string[] }

/** Loads a pipeline from pipelines/, with its settings from `environment`. */
export const loadStackPipeline = (name: string, environment: Environment): LoadedStackPipeline => {
  const loaded = loadRunningPipeline(name, environment)
  if (!loaded.ok) return loaded
  const { pipeline, settings } = loaded
  const sqlFiles = readdirSync(pipeline.folder).filter((file) => file.endsWith('.sql'))
  return {
    ok: true,
    pipeline: {
      ...pipeline,
      name,
      results: listResults(pipeline.definition),
      settingNames: Object.values(settings).map((setting) => setting.name),
      sqlFiles: sqlFiles.toSorted(),
    },
  }
}

const markFile = (dataDir: string): string => join(dataDir, 'pipeline')

/** The pipeline that `make` last started; undefined if there was none. */
export const readRunningName = (dataDir: string): string | undefined =>
  readIfPresent(markFile(dataDir)).trim() || undefined

export const writeRunningName = (dataDir: string, name: string): void => {
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(markFile(dataDir), `${name}\n`)
}
