import { hasRegisteredFormats } from '@kafka-etl/pipeline'
import { presentText, registrySettings, type Environment } from '@kafka-etl/common'
import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

type RegistryChoice = {
  readonly settings: Pick<StackSettings, 'registry'>
  readonly pipeline: Pick<StackPipeline, 'definition'>
  /** The services' environment: SCHEMA_REGISTRY_URL may name the user's own registry. */
  readonly environment: Environment
}

/**
 * Whether the stack has a registry: as REGISTRY says, otherwise if the pipeline has a topic with a registered format
 * and the user names no other registry.
 */
export const isRegistryOn = ({ settings, pipeline, environment }: RegistryChoice): boolean =>
  settings.registry === 'auto'
    ? hasRegisteredFormats(pipeline.definition) && !hasOwnRegistry(environment)
    : settings.registry === 'on'

export const hasOwnRegistry = (environment: Environment): boolean =>
  presentText(environment[registrySettings.registryUrl.name]) !== undefined
