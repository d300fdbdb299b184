import type { Environment } from '@kafka-etl/common'
import { profileNames } from './compose-profiles.js'
import { isEngineOn } from './engine/engine-choice.js'
import { kindOf } from './part.js'
import type { PartStatus } from './part-status.js'
import { isRegistryOn } from './registry/registry-choice.js'
import type { RuntimeContext } from './runtime.js'
import type { StackPipeline } from './stack-pipeline.js'

/** Parts that only some pipelines need: profiles of docker-compose.yml, and the services of each. */
const servicesByProfile = { registry: ['registry'], engine: ['engine', 'taskmanager', 'jobmanager'] } as const

export type OptionalProfile = keyof typeof servicesByProfile

const optionalProfiles = Object.keys(servicesByProfile) as OptionalProfile[]

/** The profiles that the pipeline needs, or that the user requests by a setting. */
export const chooseProfiles = (
  { settings, dotenv }: Pick<RuntimeContext, 'settings' | 'dotenv'>,
  pipeline: StackPipeline,
  environment: Environment,
): readonly OptionalProfile[] => {
  const isOn = {
    registry: isRegistryOn({ settings, pipeline, environment: { ...dotenv, ...environment } }),
    engine: isEngineOn(settings, pipeline),
  }
  return optionalProfiles.filter((profile) => isOn[profile])
}

export type SurplusProfile = { readonly profile: OptionalProfile; readonly services: readonly string[] }

/** The services of profiles that are not in the comma-separated list: Compose would leave them running. */
export const findSurplus = (
  profiles: string | undefined,
  running: readonly PartStatus[],
): readonly SurplusProfile[] => {
  const asked = profileNames(profiles)
  return optionalProfiles
    .filter((profile) => !asked.includes(profile) && !asked.includes('*'))
    .map((profile) => ({
      profile,
      services: servicesByProfile[profile].filter((service) => running.some(({ name }) => kindOf(name) === service)),
    }))
    .filter(({ services }) => services.length > 0)
}
