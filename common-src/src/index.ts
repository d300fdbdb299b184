import * as parsers from './parsers.js'

export { parsers }
export { listAccessRules, serviceUsers, type AccessNames, type AccessRule, type ServiceUser } from './access.js'
export { createSystemClock, type Clock } from './clock.js'
export { commonSettings, httpHostSetting, httpPortSetting, type CommonSettings } from './common-settings.js'
export { createCrashPoint, type CrashPoint } from './crash-point.js'
export { withDeadline } from './deadline.js'
export { messageOf } from './error-message.js'
export { startHttpServer, type HttpServer } from './http-server.js'
export { grantAccess } from './grant-access.js'
export { outputPartition, outputPartitionCount, type Input } from './inputs.js'
export { findFormerMember } from './former-member.js'
export { formatEpochMs, type Instant } from './instant.js'
export { explainKafkaError } from './kafka-errors.js'
export { createKafka } from './kafka.js'
export { ageOfLag } from './lag-age.js'
export { loadEnvironment } from './load-environment.js'
export { createLogger, type Logger } from './logger.js'
export { readRanges, type OffsetRange, type RangesRead, type ReadRangesOptions } from './read-ranges.js'
export {
  batchOverheadBytes,
  createRunBuilder,
  toMessage,
  type EncodableRecord,
  type RecordRun,
  type RunBuilder,
} from './record-run.js'
export { createRunMemory, type RunMemory } from './run-memory.js'
export { runService } from './run-service.js'
export { readSecretFiles } from './secret-files.js'
export type { Health, Service, ServiceContext } from './service.js'
export { guardedNames, guardedPrefixes } from './setting-names.js'
export {
  describeSettings,
  loadSettings,
  presentText,
  SettingsError,
  type Environment,
  type Parsed,
  type Setting,
  type SettingsOf,
  type SettingsTable,
} from './settings.js'
export { createSilenceLog, longestSilenceMs } from './silence-log.js'
export { formatSource, headerNames, parseSource, type SourceCoordinates } from './source.js'
export {
  anyTimestamp,
  ensureTopics,
  planTopics,
  readPartitionCounts,
  repeatWhileBeingMade,
  type PartitionCounts,
} from './topics.js'
export { sizeOfVarint, writeVarint } from './varint.js'
export { waitForKafka } from './wait-for-kafka.js'
export { createUncachedZoneOffset, createZoneOffset, type ZoneOffset } from './zone-offset.js'
