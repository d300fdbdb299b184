import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SettingsError } from '@kafka-etl/common'
import type { Pipeline } from './define-pipeline.js'

/**
 * `pipelines/` of the installation. The path is the same from a service's bundle, a workspace's dist, or its sources.
 */
export const pipelinesFolder = join(import.meta.dirname, '..', '..', 'pipelines')

export const pipelineFolder = (name: string): string => join(pipelinesFolder, name)

/** The build output of a pipeline, in its folder. */
const builtFile = (folder: string, name: string): string => join(folder, name, 'dist', 'pipeline.js')

/** The names of the pipelines in a folder (`pipelines/`). */
export const listPipelineNames = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'pipeline.ts')))
    .map(({ name }) => name)
    .sort()

/** Loads a pipeline that `npm run build` has built. Throws a SettingsError if there is none with this name. */
export const loadPipeline = (folder: string, name: string): Pipeline => {
  const known = listPipelineNames(folder)
  if (!known.includes(name)) {
    throw new SettingsError(`expected a pipeline (${known.join(', ')}), got ${name}`)
  }
  const path = builtFile(folder, name)
  if (!existsSync(path)) throw new SettingsError(`expected ${path}, found none: run \`npm run build\``)
  const loaded: unknown = createRequire(import.meta.url)(path)
  if (isPipelineModule(loaded)) return loaded.pipeline
  throw new SettingsError(`expected pipelines/${name}/pipeline.ts to export \`pipeline\` of definePipeline, found none`)
}

const isPipelineModule = (loaded: unknown): loaded is { readonly pipeline: Pipeline } =>
  typeof loaded === 'object' &&
  loaded !== null &&
  'pipeline' in loaded &&
  typeof loaded.pipeline === 'object' &&
  loaded.pipeline !== null &&
  'define' in loaded.pipeline
