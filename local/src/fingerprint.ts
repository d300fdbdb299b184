import { createHash } from 'node:crypto'
import type { Environment } from '@kafka-etl/common'

const settingNames =
  /^(?:KAFKA_|ETL_|PRODUCER_|READER_|LOG_|HTTP_|NODE_|PIPELINE$|ENGINE_|SCHEMA_REGISTRY_|DEAD_LETTER_TOPIC$|RESULTS_DIR$|CRASH_AT$|TZ$)/

/**
 * Identifies what a part would be started with: its command, what it reads (`sources`: the text of its configuration,
 * the age of its code), and the environment variables that are settings. These are the services' settings, and the
 * pipeline's own, which `ownNames` lists. A running part with another fingerprint is out of date.
 */
export const fingerprint = (
  command: readonly string[],
  sources: readonly string[],
  environment: Environment,
  ownNames: readonly string[] = [],
): string => {
  const settings = Object.entries(environment)
    .filter(([name]) => settingNames.test(name) || ownNames.includes(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([command, sources, settings]))
    .digest('hex')
    .slice(0, 16)
}
