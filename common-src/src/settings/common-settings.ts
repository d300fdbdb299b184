import * as parse from './parsers.js'
import { registrySettings } from './registry-settings.js'
import { presentText, setting, type Environment, type Setting, type SettingsOf } from './settings.js'

/** A valid TCP port other than 0. */
export const port = parse.integer({ min: 1, max: 65_535 })

const kafkaPort = setting('KAFKA_PORT', port, '29092', 'port of Kafka on 127.0.0.1')

/** The address of Kafka in this folder's stack. */
const kafkaOfStack = (environment: Environment): string => {
  const text = presentText(environment[kafkaPort.name]) ?? kafkaPort.default
  // An invalid port is reported under its own name.
  return `localhost:${kafkaPort.parse(text).ok ? text : kafkaPort.default}`
}

const pipeline = setting('PIPELINE', parse.pipelineName, 'timestamps', 'folder of pipelines/ that the services run')

/** The pipeline that an environment selects. */
export const pipelineIn = (environment: Environment): string =>
  presentText(environment[pipeline.name]) ?? pipeline.default

const isDefault = (name: string): boolean => name === pipeline.default

/** The default consumer group of a pipeline; ETL_GROUP_ID overrides it. */
export const groupOf = (name: string): string => (isDefault(name) ? 'etl' : `etl-${name}`)

/** The default dead letter topic of a pipeline; DEAD_LETTER_TOPIC overrides it. */
export const deadLetterTopicOf = (name: string): string => (isDefault(name) ? 'dead_letters' : `${name}_dead_letters`)

/** The settings that all services share. `HTTP_PORT` is not one of them: each service has its own default. */
export const commonSettings = {
  pipeline,
  kafkaPort,
  kafkaBrokers: setting(
    'KAFKA_BROKERS',
    parse.brokers,
    kafkaOfStack({}),
    'comma-separated list of host:port; by default Kafka at KAFKA_PORT on localhost',
    { defaultIn: kafkaOfStack },
  ),
  kafkaSsl: setting('KAFKA_SSL', parse.boolean, 'false', 'TLS to the brokers; their certificate is always verified'),
  kafkaSslCaFile: setting('KAFKA_SSL_CA_FILE', parse.path, '', "PEM file of the CA; empty: the runtime's own list"),
  kafkaSaslMechanism: setting(
    'KAFKA_SASL_MECHANISM',
    parse.oneOf(['none', 'plain', 'scram-sha-256', 'scram-sha-512']),
    'none',
    'none, plain (over TLS only), scram-sha-256 or scram-sha-512',
  ),
  kafkaSaslUsername: setting('KAFKA_SASL_USERNAME', parse.text, '', 'user name for SASL'),
  kafkaSaslPassword: setting(
    'KAFKA_SASL_PASSWORD',
    parse.text,
    '',
    'password for SASL, or its file in KAFKA_SASL_PASSWORD_FILE',
    { secret: true },
  ),
  kafkaWaitSeconds: setting(
    'KAFKA_WAIT_SECONDS',
    parse.integer({ min: 1, max: 86_400 }),
    '120',
    'how long a service waits for Kafka at its start before it gives up with exit code 1',
  ),
  kafkaSessionTimeoutMs: setting(
    'KAFKA_SESSION_TIMEOUT_MS',
    parse.integer({ min: 1, max: 2_147_483_647 }),
    '6000',
    'an ETL or a reader that sends no heartbeat for this long loses its partitions; refused outside the limits of the broker (6000 to 1800000 by default)',
  ),
  kafkaReplicationFactor: setting(
    'KAFKA_REPLICATION_FACTOR',
    parse.optional(parse.integer({ min: 1, max: 32_767 })),
    '',
    "replicas of the topics that the services create; empty: the broker's default",
  ),
  deadLetterTopic: setting(
    'DEAD_LETTER_TOPIC',
    parse.topicName,
    deadLetterTopicOf(pipeline.default),
    'topic of the rejected records; <pipeline>_dead_letters for other pipelines',
    { defaultIn: (environment) => deadLetterTopicOf(pipelineIn(environment)) },
  ),
  ...registrySettings,
  logLevel: setting(
    'LOG_LEVEL',
    parse.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    "pino's levels: trace, debug, info, warn, error, fatal, silent",
  ),
  logFormat: setting(
    'LOG_FORMAT',
    parse.oneOf(['auto', 'json', 'pretty']),
    'auto',
    'json: one object per line; pretty: for people; auto: pretty on a terminal, else json',
  ),
}

export type CommonSettings = SettingsOf<typeof commonSettings>

/** `HTTP_PORT` with the default of one service. */
export const httpPortSetting = (defaultPort: number): Setting<number> =>
  setting(
    'HTTP_PORT',
    parse.integer({ min: 0, max: 65_535 }),
    String(defaultPort),
    'port of /live, /ready and /metrics; 0: none',
  )

/** `HTTP_HOST`. The container image sets 0.0.0.0; elsewhere the port is not reachable from outside the machine. */
export const httpHostSetting: Setting<string> = setting(
  'HTTP_HOST',
  parse.text,
  '127.0.0.1',
  'address to which the HTTP port is bound; the container image sets 0.0.0.0',
)
