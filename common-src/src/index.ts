import * as parsers from './settings/parsers.js'

export { parsers }
export { createSystemClock, type Clock } from './time/clock.js'
export {
  commonSettings,
  httpHostSetting,
  httpPortSetting,
  port,
  type CommonSettings,
  deadLetterTopicOf,
  groupOf,
  pipelineIn,
} from './settings/common-settings.js'
export { createCrashPoint, noCrash, type CrashPoint } from './process/crash-point.js'
export { codeOf, messageOf, withDeadline } from './errors.js'
export { formatTable } from './text/table.js'
export { startHttpServer, type HttpServer, type HttpServerOptions } from './http/http-server.js'
export { outputPartition, outputPartitionCount, type Input } from './settings/inputs.js'
export { formatEpochMs, type Instant } from './time/instant.js'
export { ageOfLag } from './time/lag-age.js'
export { loadEnvironment, readDotenv, readVariables } from './settings/load-environment.js'
export { createLogger, type Logger } from './log/logger.js'
export type { Health } from './process/health.js'
export { runService, type RunServiceOptions } from './process/run-service.js'
export type { Service, ServiceContext } from './process/service.js'
export type { Address } from './settings/parsers.js'
export {
  engineSettings,
  consoleSettings,
  etlSettings,
  guardedNames,
  guardedPrefixes,
  producerSettings,
  readerSettings,
  servicePortSettings,
  type EngineSettings,
  type ConsoleSettings,
  type EtlSettings,
  type ProducerSettings,
  type ReaderSettings,
} from './settings/service-settings.js'
export { registryPort, registrySettings, type RegistrySettings } from './settings/registry-settings.js'
export {
  describeSettings,
  loadSettings,
  presentText,
  setting,
  SettingsError,
  type Environment,
  type Parsed,
  type Setting,
  type SettingsOf,
  type SettingsTable,
} from './settings/settings.js'
export { createSilenceLog, longestSilenceMs } from './log/silence-log.js'
export { printable, printableBytes } from './text/printable.js'
export { retry, type RetryPolicy } from './time/retry.js'
export { serialize } from './time/serialize.js'
export { createUncachedZoneOffset, createZoneOffset, type ZoneOffset } from './time/zone-offset.js'
export { findSaslFaults } from './settings/contradictions.js'
export { tlsOptions } from './settings/tls-options.js'
export { countDigits, writeDigits, writeInteger } from './text/decimal.js'
