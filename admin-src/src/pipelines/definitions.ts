import { join } from 'node:path'
import { loadEnvironment, SettingsError, type Environment } from '@kafka-etl/common'
import {
  defaultNames,
  findPipelineFaults,
  type AnyDefinition,
  type Pipeline,
  type TopologyNames,
} from '@kafka-etl/pipeline'
import { listPipelineNames, loadPipeline } from '@kafka-etl/pipeline/loading'
import { isPipelineSetting } from '@kafka-etl/pipeline/running'

/** A pipeline with the names of its group and dead letter topic. */
export type AdminPipeline = {
  readonly definition: AnyDefinition
  readonly names: TopologyNames
}

/** The pipelines of a folder, with the settings of an environment. */
export type Definitions = {
  /** The path of `pipelines/`. */
  readonly folder: string
  readonly names: () => readonly string[]
  /** The settings of a pipeline; none if it cannot be loaded. */
  readonly settingsOf: (name: string) => Pick<Pipeline, 'settings' | 'findContradictions'>
  /** Throws a SettingsError with all faults if the definition or its settings cannot work. */
  readonly find: (name: string) => AnyDefinition
  /** Whether any pipeline has a setting with this name. */
  readonly hasSetting: (setting: string) => boolean
}

export const createDefinitions = (root: string, environment: Environment): Definitions => {
  const folder = join(root, 'pipelines')
  const hasSetting = (setting: string): boolean => isPipelineSetting(folder, setting)
  return {
    folder,
    hasSetting,
    names: () => listPipelineNames(folder),
    settingsOf: (name) => {
      try {
        return loadPipeline(folder, name)
      } catch {
        return noSettings
      }
    },
    find: (name) => {
      const pipeline = loadPipeline(folder, name)
      const loaded = loadEnvironment(pipeline.settings, environment, { isKnownElsewhere: hasSetting })
      if (!loaded.ok) throw faultsOf('wrong settings', loaded.faults)
      const definition = pipeline.define(loaded.settings)
      const faults = findPipelineFaults(definition, defaultNames(definition.name))
      if (faults.length > 0) throw faultsOf(`pipelines/${name}/pipeline.ts cannot work`, faults)
      return definition
    },
  }
}

const noSettings = { settings: {}, findContradictions: () => [] }

const faultsOf = (subject: string, faults: readonly string[]): SettingsError =>
  new SettingsError(`${subject}\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
