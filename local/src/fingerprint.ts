import { createHash } from 'node:crypto'
import type { Environment } from '@kafka-etl/common'

const settingNames =
  /^(?:KAFKA_|ETL_|PRODUCER_|READER_|LOG_|HTTP_|NODE_|PIPELINE$|ENGINE_|SCHEMA_REGISTRY_|DEAD_LETTER_TOPIC$|RESULTS_DIR$|CRASH_AT$|TZ$)/

/**
 * Tells whether a running part is still the one that would be started now: its command, what it reads (`sources`: the
 * text of its configuration, the age of its code), and those variables of its environment that are settings: the
 * services', and those named by `ownNames`, the pipeline's own.
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
