import { hasRegisteredFormats } from '@kafka-etl/pipeline'
import { presentText, registrySettings, type Environment } from '@kafka-etl/common'
import { StackError } from '../stack-error.js'
import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

type RegistryChoice = {
  readonly settings: Pick<StackSettings, 'registry' | 'secure'>
  readonly pipeline: Pick<StackPipeline, 'name' | 'definition'>
  /** Of the services: SCHEMA_REGISTRY_URL may name a registry of the user's own. */
  readonly environment: Environment
}

/**
 * Whether the stack has a registry: as REGISTRY says, else if the pipeline has a topic with a registered format and no
 * registry of the user's own. Throws a StackError if SECURE asks for more than it gives.
 */
export const isRegistryOn = ({ settings, pipeline, environment }: RegistryChoice): boolean => {
  if (settings.registry !== 'auto') return settings.registry === 'on'
  const isNeeded = hasRegisteredFormats(pipeline.definition) && !hasOwnRegistry(environment)
  if (isNeeded && settings.secure) {
    throw new StackError(
      `SCHEMA_REGISTRY_URL: expected a registry of your own for ${pipeline.name} with SECURE, since the stack's asks nobody for a password, got none.`,
    )
  }
  return isNeeded
}

export const hasOwnRegistry = (environment: Environment): boolean =>
  presentText(environment[registrySettings.registryUrl.name]) !== undefined
