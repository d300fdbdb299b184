import { presentText, type Environment } from '@kafka-etl/common'
import type { StackSettings } from './stack-settings.js'

/** The profiles of docker-compose.yml that are asked for, beside those that the environment names. */
export const profilesOf = (
  { monitoring, browser }: Pick<StackSettings, 'monitoring' | 'browser'>,
  environment: Environment,
): Record<string, string> => {
  const named = profileNames(environment.COMPOSE_PROFILES)
  const profiles = [...named, ...(monitoring ? ['monitoring'] : []), ...(browser ? ['browser'] : [])]
  return profiles.length === 0 ? {} : { COMPOSE_PROFILES: [...new Set(profiles)].join(',') }
}

/** The names in a comma list of profiles. */
export const profileNames = (profiles: string | undefined): readonly string[] => presentText(profiles)?.split(',') ?? []

/** Comma lists of profiles as one, without repeats. */
export const addProfile = (profiles: string | undefined, added: string): string =>
  [...new Set([...profileNames(profiles), added])].join(',')

/** What brings a pipeline up without make. */
export const describeComposeCommand = (pipeline: string, profiles: readonly string[]): string =>
  [
    ...(profiles.length === 0 ? [] : [`COMPOSE_PROFILES=${profiles.join(',')}`]),
    `PIPELINE=${pipeline}`,
    'docker compose up -d --build',
  ].join(' ')
