import { parsers, type Setting, type SettingsTable } from '@kafka-etl/common'

const setting = <T>(name: string, parse: Setting<T>['parse'], defaultText: string, doc: string): Setting<T> => ({
  name,
  parse,
  default: defaultText,
  doc,
})

/** The ETL's own settings; the shared ones are `commonSettings`. */
export const etlSettings = {
  groupId: setting(
    'ETL_GROUP_ID',
    parsers.identifier,
    'etl',
    'consumer group, and prefix of the transactional ids; instances of one group share the partitions',
  ),
  instance: setting(
    'ETL_INSTANCE',
    parsers.optionalIdentifier,
    '',
    "name that this instance keeps over restarts and shares with no other (`hostname`: the host's); after a crash it is back in its group at once instead of after the session timeout of 6 s",
  ),
  localTime: setting(
    'ETL_LOCAL_TIME',
    parsers.oneOf(['reject', 'earlier', 'later']),
    'reject',
    'a date without offset in the hour that a clock change repeats or skips: reject, earlier, later',
  ),
  zoneCheck: setting(
    'ETL_ZONE_CHECK',
    parsers.oneOf(['off', 'warn', 'reject']),
    'warn',
    "an offset that the topic's zone did not have at that instant: off, warn (counted, logged now and then), reject",
  ),
  stallSeconds: setting(
    'ETL_STALL_SECONDS',
    parsers.integer({ min: 10, max: 86_400 }),
    '60',
    'with lag and no committed offset for so long, the process ends with exit code 1, to be started again',
  ),
} satisfies SettingsTable
