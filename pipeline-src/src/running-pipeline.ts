import {
  commonSettings,
  etlSettings,
  loadSettings,
  messageOf,
  type Environment,
  type SettingsOf,
  type SettingsTable,
} from '@kafka-etl/common'
import type { AnyDefinition } from './definition.js'
import { listPipelineNames, loadPipeline, pipelineFolder, pipelinesFolder } from './loading.js'
import { besideService, ownSettings } from './own-settings.js'
import { findPipelineFaults } from './pipeline-faults.js'
import type { TopologyNames } from './topology.js'

export { besideService, ownSettings }

/** A pipeline with its settings applied. */
export type RunningPipeline = {
  readonly definition: AnyDefinition
  readonly names: TopologyNames
  /** The pipeline's folder. Sample files and reference data are next to `pipeline.ts`. */
  readonly folder: string
}

export type LoadedPipeline =
  | { readonly ok: true; readonly pipeline: RunningPipeline; readonly settings: SettingsTable }
  | { readonly ok: false; readonly faults: readonly string[] }

/** The settings that name a pipeline's group and dead letters. */
const namingSettings = { groupId: etlSettings.groupId, deadLetterTopic: commonSettings.deadLetterTopic }

/**
 * Loads a pipeline from pipelines/ with its own settings from `environment`, or returns all reasons why it cannot run,
 * one sentence each. This is for programs that are not services; services have one table for all settings
 * (`runPipelineService`).
 */
export const loadRunningPipeline = (name: string, environment: Environment): LoadedPipeline => {
  try {
    const { settings: own, findContradictions, define } = loadPipeline(pipelinesFolder, name)
    const table = { ...besideService(own), ...namingSettings }
    const loaded = loadSettings(
      table,
      { ...environment, PIPELINE: name },
      {
        prefixes: [],
        knownNames: [],
        findContradictions: (known) =>
          findContradictions(ownSettings(known), { deadLetterTopic: known.deadLetterTopic }),
      },
    )
    if (!loaded.ok) return loaded
    const definition = define(ownSettings(loaded.settings))
    const names: SettingsOf<typeof namingSettings> = loaded.settings
    const faults = findPipelineFaults(definition, names)
    if (faults.length > 0)
      return { ok: false, faults: faults.map((fault) => `pipelines/${name}/pipeline.ts: ${fault}`) }
    const { groupId, deadLetterTopic } = names
    return {
      ok: true,
      pipeline: { definition, names: { groupId, deadLetterTopic }, folder: pipelineFolder(name) },
      settings: own,
    }
  } catch (error) {
    return { ok: false, faults: [`PIPELINE: ${messageOf(error)}`] }
  }
}

/** Whether any pipeline of a folder has a setting with this name: one `.env` serves them all. */
export const isPipelineSetting = (folder: string, setting: string): boolean =>
  listPipelineNames(folder).some((name) => {
    try {
      return Object.values(loadPipeline(folder, name).settings).some((known) => known.name === setting)
    } catch {
      return false
    }
  })
