import { presentText, type Environment } from '@kafka-etl/common'
import type { StackSettings } from './stack-settings.js'

/** The profiles of docker-compose.yml that are asked for, beside those that the environment names. */
export const profilesOf = (
  { monitoring, browser }: Pick<StackSettings, 'monitoring' | 'browser'>,
  environment: Environment,
): Record<string, string> => {
  const named = presentText(environment.COMPOSE_PROFILES)?.split(',') ?? []
  const profiles = [...named, ...(monitoring ? ['monitoring'] : []), ...(browser ? ['browser'] : [])]
  return profiles.length === 0 ? {} : { COMPOSE_PROFILES: [...new Set(profiles)].join(',') }
}

/** Comma lists of profiles as one, without repeats. */
export const addProfile = (profiles: string | undefined, added: string): string =>
  [...new Set([...(presentText(profiles)?.split(',') ?? []), added])].join(',')

/** What brings a pipeline up without make. */
export const describeComposeCommand = (pipeline: string, profiles: readonly string[]): string =>
  [
    ...(profiles.length === 0 ? [] : [`COMPOSE_PROFILES=${profiles.join(',')}`]),
    `PIPELINE=${pipeline}`,
    'docker compose up -d --build',
  ].join(' ')
