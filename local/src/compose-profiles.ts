import { presentText, type Environment } from '@kafka-etl/common'
import type { StackSettings } from './stack-settings.js'

/** The requested profiles of docker-compose.yml, in addition to those of the environment. */
export const profilesOf = (
  { monitoring, browser }: Pick<StackSettings, 'monitoring' | 'browser'>,
  environment: Environment,
): Record<string, string> => {
  const named = profileNames(environment.COMPOSE_PROFILES)
  const profiles = [...named, ...(monitoring ? ['monitoring'] : []), ...(browser ? ['browser'] : [])]
  return profiles.length === 0 ? {} : { COMPOSE_PROFILES: [...new Set(profiles)].join(',') }
}

/** The names in a comma-separated list of profiles. */
export const profileNames = (profiles: string | undefined): readonly string[] => presentText(profiles)?.split(',') ?? []

/** Merges comma-separated lists of profiles, without repeats. */
export const addProfile = (profiles: string | undefined, added: string): string =>
  [...new Set([...profileNames(profiles), added])].join(',')

/** The command that starts a pipeline without make. */
export const describeComposeCommand = (pipeline: string, profiles: readonly string[]): string =>
  [
    ...(profiles.length === 0 ? [] : [`COMPOSE_PROFILES=${profiles.join(',')}`]),
    `PIPELINE=${pipeline}`,
    'docker compose up -d --build',
  ].join(' ')
