/** The prefixes under which a name that no setting has is refused, by every service. */
export const guardedPrefixes = ['ETL_', 'PRODUCER_', 'READER_'] as const

/**
 * Every name under {@link guardedPrefixes} that means something: the services' tables and the stack's own ports. A
 * service needs the others' names too, since one `.env` serves all of them; a test keeps this list in step.
 */
export const guardedNames: readonly string[] = [
  'ETL_GROUP_ID',
  'ETL_INSTANCE',
  'ETL_LOCAL_TIME',
  'ETL_ZONE_CHECK',
  'ETL_STALL_SECONDS',
  'PRODUCER_RATE',
  'PRODUCER_COUNT',
  'PRODUCER_SEED',
  'PRODUCER_STALL_SECONDS',
  'READER_FOLLOW',
  'READER_SPREADSHEET_SAFE',
  'READER_STALL_SECONDS',
  'ETL_HTTP_PORT',
  'PRODUCER_HTTP_PORT',
  'READER_HTTP_PORT',
]
