import { hasRegisteredFormats } from '@kafka-etl/pipeline'
import { presentText, registrySettings, type Environment } from '@kafka-etl/common'
import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

type RegistryChoice = {
  readonly settings: Pick<StackSettings, 'registry'>
  readonly pipeline: Pick<StackPipeline, 'definition'>
  /** Of the services: SCHEMA_REGISTRY_URL may name a registry of the user's own. */
  readonly environment: Environment
}

/**
 * Whether the stack has a registry: as REGISTRY says, else if the pipeline has a topic with a registered format and no
 * registry of the user's own.
 */
export const isRegistryOn = ({ settings, pipeline, environment }: RegistryChoice): boolean =>
  settings.registry === 'auto'
    ? hasRegisteredFormats(pipeline.definition) && !hasOwnRegistry(environment)
    : settings.registry === 'on'

export const hasOwnRegistry = (environment: Environment): boolean =>
  presentText(environment[registrySettings.registryUrl.name]) !== undefined
