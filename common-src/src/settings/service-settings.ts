import { groupOf, pipelineIn, port, type CommonSettings } from './common-settings.js'
import * as parse from './parsers.js'
import { registrySettings } from './registry-settings.js'
import { presentText, setting, type Environment, type SettingsOf, type SettingsTable } from './settings.js'

/*
 * The settings of all services. They share one file because each service has to know all names: one `.env` serves all
 * services, and each refuses a misspelt name.
 */

export const producerSettings = {
  rate: setting(
    'PRODUCER_RATE',
    parse.optional(parse.decimal({ min: 0, max: 1_000_000 })),
    '',
    "records a second; 0: as fast as possible; empty: the sample's own rate (timestamps 1, a file 500)",
  ),
  count: setting(
    'PRODUCER_COUNT',
    parse.optional(parse.integer({ min: 0 })),
    '',
    "after this many logs, lines or updates the producer exits with code 0; 0: endless; empty: the sample's own count (timestamps 100, a file: all of it)",
  ),
  seed: setting(
    'PRODUCER_SEED',
    parse.integer({ min: 0, max: 4_294_967_295 }),
    '0',
    "seed of the sample's random choices",
  ),
  file: setting('PRODUCER_FILE', parse.path, '', "file of JSON lines to send instead of the pipeline's sample"),
  stallSeconds: setting(
    'PRODUCER_STALL_SECONDS',
    parse.integer({ min: 1, max: 86_400 }),
    '120',
    'how long the producer retries one send before it gives up with exit code 1',
  ),
}

export const etlSettings = {
  groupId: setting(
    'ETL_GROUP_ID',
    parse.identifier,
    groupOf('timestamps'),
    'consumer group, and prefix of the transactional ids; instances of one group share the partitions; refused if it has members or offsets of another pipeline; etl-<pipeline> for other pipelines',
    { defaultIn: (environment) => groupOf(pipelineIn(environment)) },
  ),
  instance: setting(
    'ETL_INSTANCE',
    parse.optionalIdentifier,
    '',
    "stable, unique name of this instance (`hostname`: the host's name); after a crash it rejoins its group at once instead of after KAFKA_SESSION_TIMEOUT_MS",
  ),
  start: setting(
    'ETL_START',
    parse.oneOf(['earliest', 'latest']),
    'earliest',
    'where to begin a partition without a committed offset: earliest, or latest (its end when the ETL starts, or the update that is unfinished there; logged and committed)',
  ),
  stepSeconds: setting(
    'ETL_STEP_SECONDS',
    parse.integer({ min: 1, max: 3_600 }),
    '10',
    'a step that takes longer ends the process with exit code 1; its record is rejected when it is met again',
  ),
  stallSeconds: setting(
    'ETL_STALL_SECONDS',
    parse.integer({ min: 10, max: 86_400 }),
    '60',
    'if the ETL has lag and commits nothing for this long, it ends with exit code 1, to be restarted',
  ),
  updateMaxBytes: setting(
    'ETL_UPDATE_MAX_BYTES',
    parse.integer({ min: 1, max: 1_073_741_824 }),
    '67108864',
    'largest atomic update (keys and values as received); a larger one ends the process with exit code 2',
  ),
}

export const readerSettings = {
  resultsDir: setting('RESULTS_DIR', parse.path, 'results', 'folder of results.csv and its positions'),
  follow: setting('READER_FOLLOW', parse.boolean, 'true', 'false: write what is committed now, then exit 0'),
  spreadsheetSafe: setting(
    'READER_SPREADSHEET_SAFE',
    parse.boolean,
    'false',
    "true: put ' before messages that a spreadsheet would take for a formula (they begin with = + - @ TAB CR or NUL)",
  ),
  stallSeconds: setting(
    'READER_STALL_SECONDS',
    parse.integer({ min: 5, max: 3_600 }),
    '60',
    'if the reader has lag and makes no progress for this long, it ends with exit code 1, to be restarted',
  ),
}

const enginePort = setting('ENGINE_PORT', port, '8081', "port of Flink's page and REST API on 127.0.0.1")

/** The address of Flink in this folder's stack. */
const engineOfStack = (environment: Environment): string => {
  const text = presentText(environment[enginePort.name]) ?? enginePort.default
  return `http://127.0.0.1:${enginePort.parse(text).ok ? text : enginePort.default}`
}

export const engineSettings = {
  restUrl: setting(
    'ENGINE_REST_URL',
    parse.httpUrl,
    engineOfStack({}),
    "Flink's REST API; by default at ENGINE_PORT on 127.0.0.1",
    { defaultIn: engineOfStack },
  ),
  gatewayUrl: setting('ENGINE_GATEWAY_URL', parse.httpUrl, 'http://127.0.0.1:8083', "Flink's SQL gateway"),
  gatewayCommand: setting(
    'ENGINE_GATEWAY_COMMAND',
    parse.command,
    '',
    'command, as a JSON list of words, that starts a SQL gateway on the port {port} while jobs are submitted; empty: one already runs at ENGINE_GATEWAY_URL',
  ),
  stateDir: setting(
    'ENGINE_STATE_DIR',
    parse.path,
    '.data/engine',
    'folder in which Flink keeps checkpoints and savepoints; the same path for Flink and the engine service',
  ),
  secretsDir: setting(
    'ENGINE_SECRETS_DIR',
    parse.text,
    '',
    "folder in which Flink's processes find the files of KAFKA_SSL_CA_FILE and KAFKA_SASL_PASSWORD_FILE, if not where this service does",
  ),
  transactionTimeoutMs: setting(
    'ENGINE_TRANSACTION_TIMEOUT_MS',
    parse.integer({ min: 10_000, max: 2_147_483_647 }),
    '604800000',
    "how long Flink may be down after a crash without losing what its last checkpoint holds; at most the broker's transaction.max.timeout.ms, which is 7 days in the stack",
  ),
}

/** The addresses of the services in this folder's stack: `producer=http://127.0.0.1:9464` and so on. */
const servicesOfStack = (environment: Environment): string =>
  [servicePortSettings.producerHttpPort, servicePortSettings.etlHttpPort, servicePortSettings.readerHttpPort]
    .map(({ name, default: standard }) => {
      const service = name.replace('_HTTP_PORT', '').toLowerCase()
      return `${service}=http://127.0.0.1:${presentText(environment[name]) ?? standard}`
    })
    .join(',')

/** The HTTP ports of the services in the stack. */
export const servicePortSettings = {
  producerHttpPort: setting('PRODUCER_HTTP_PORT', port, '9464', "port of the producer's /live, /ready and /metrics"),
  etlHttpPort: setting(
    'ETL_HTTP_PORT',
    port,
    '9465',
    'port of the first ETL instance; further instances take the next free ports',
  ),
  readerHttpPort: setting('READER_HTTP_PORT', port, '9466', "port of the reader's /live, /ready and /metrics"),
  enginePort,
  engineHttpPort: setting('ENGINE_HTTP_PORT', port, '9481', "port of the engine's /live, /ready and /metrics"),
  consoleHttpPort: setting('CONSOLE_HTTP_PORT', port, '9480', "port of the console's page"),
}

export const consoleSettings = {
  services: setting(
    'CONSOLE_SERVICES',
    parse.addresses,
    servicesOfStack({}),
    'name=http://host:port of each service whose state the console shows; by default those of the stack',
    { defaultIn: servicesOfStack },
  ),
  hosts: setting(
    'CONSOLE_HOSTS',
    parse.hostNames,
    '',
    "host names, besides this machine's own, under which a browser may open the page",
  ),
  engineUrl: setting(
    'CONSOLE_ENGINE_URL',
    parse.optional(parse.httpUrl),
    '',
    "Flink's REST API; empty: the console shows no jobs",
  ),
}

export type ProducerSettings = SettingsOf<typeof producerSettings> & CommonSettings
export type EtlSettings = SettingsOf<typeof etlSettings> & CommonSettings
export type EngineSettings = SettingsOf<typeof engineSettings> & CommonSettings
export type ConsoleSettings = SettingsOf<typeof consoleSettings> & CommonSettings
export type ReaderSettings = SettingsOf<typeof readerSettings> & CommonSettings

/** Every service refuses an unknown name under these prefixes. */
export const guardedPrefixes = ['ETL_', 'PRODUCER_', 'READER_', 'ENGINE_', 'CONSOLE_', 'SCHEMA_REGISTRY_'] as const

/** The settings of the default pipeline, for code that loads no pipeline. */
const namesOfTimestamps = ['ETL_LOCAL_TIME', 'ETL_ZONE_CHECK', 'ETL_DATES']

const serviceTables: readonly SettingsTable[] = [
  producerSettings,
  etlSettings,
  readerSettings,
  engineSettings,
  consoleSettings,
  servicePortSettings,
  registrySettings,
]

/** Every known name under {@link guardedPrefixes}. */
export const guardedNames: readonly string[] = serviceTables
  .flatMap((table) => Object.values(table).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])))
  .concat(namesOfTimestamps)
  .filter((name) => guardedPrefixes.some((prefix) => name.startsWith(prefix)))
