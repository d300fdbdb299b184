import { join } from 'node:path'
import { loadEnvironment, SettingsError, type Environment } from '@kafka-etl/common'
import { defaultNames, findPipelineFaults, type AnyDefinition } from '@kafka-etl/pipeline'
import { listPipelineNames, loadPipeline } from '@kafka-etl/pipeline/loading'

/** The pipelines of a folder, with the settings of an environment. */
export type Definitions = {
  readonly names: () => readonly string[]
  /** Throws a SettingsError with all faults of a definition that cannot work, or of its settings. */
  readonly find: (name: string) => AnyDefinition
}

export const createDefinitions = (root: string, environment: Environment): Definitions => {
  const folder = join(root, 'pipelines')
  return {
    names: () => listPipelineNames(folder),
    find: (name) => {
      const pipeline = loadPipeline(folder, name)
      const loaded = loadEnvironment(pipeline.settings, environment)
      if (!loaded.ok) throw faultsOf('wrong settings', loaded.faults)
      const definition = pipeline.define(loaded.settings)
      const faults = findPipelineFaults(definition, defaultNames(definition.name))
      if (faults.length > 0) throw faultsOf(`pipelines/${name}/pipeline.ts cannot work`, faults)
      return definition
    },
  }
}

const faultsOf = (subject: string, faults: readonly string[]): SettingsError =>
  new SettingsError(`${subject}\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
