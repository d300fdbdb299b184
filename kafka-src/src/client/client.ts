import {
  findSaslFaults,
  SettingsError,
  tlsOptions,
  type Clock,
  type CommonSettings,
  type Logger,
} from '@kafka-etl/common'
import { Kafka, logLevel, type Consumer, type KafkaConfig } from 'kafkajs'
import { createBatchReader, type ConsumedBatch } from '../records/consumed-batch.js'
import { shufflePartitions } from '../records/in-turns.js'
import { createTransactionCoordinators } from '../transaction-coordinators.js'
import { createKafkaLog } from './client-log.js'
import { createSocketFactory } from './socket-factory.js'

/** KafkaJS with the extensions described in patches/README.md. */
export type Client = Kafka<ConsumedBatch>
export type ClientConsumer = Consumer<ConsumedBatch>

export type KafkaOptions = {
  readonly clientId: string
  readonly settings: CommonSettings
  readonly logger: Logger
  readonly clock?: Clock
  /** How often to retry a request or a connection. The default of 8 retries takes about 10 s. */
  readonly retries?: number
}

/** Creates a KafkaJS client from the settings. Throws a {@link SettingsError} if they contradict each other. */
export const createClient = ({ clientId, settings, logger, retries = 8 }: KafkaOptions): Client =>
  new Kafka({
    clientId,
    brokers: [...settings.kafkaBrokers],
    ...securityOf(settings),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries },
    logLevel: levelOf(logger.level),
    logCreator: createKafkaLog(logger),
    socketFactory: createSocketFactory(),
    seams: {
      createBatch: createBatchReader(),
      orderPartitions: shufflePartitions,
      createCoordinators: createTransactionCoordinators,
    },
  })

/**
 * The KafkaJS level that matches ours. KafkaJS does not even create entries below it: its request log is for `trace`,
 * its log of joining for `debug`.
 */
const levelOf = (level: string): logLevel => {
  switch (level) {
    case 'trace':
      return logLevel.DEBUG
    case 'debug':
      return logLevel.INFO
    default:
      return logLevel.WARN
  }
}

const securityOf = (settings: CommonSettings): Pick<KafkaConfig, 'ssl' | 'sasl'> => {
  const { kafkaSsl, kafkaSslCaFile, kafkaSaslMechanism: mechanism } = settings
  const [fault] = findSaslFaults(settings)
  if (fault !== undefined) throw new SettingsError(fault)
  const tls = kafkaSsl ? { ssl: tlsOptions(kafkaSslCaFile) } : {}
  const credentials = { username: settings.kafkaSaslUsername, password: settings.kafkaSaslPassword }
  switch (mechanism) {
    case 'none':
      return tls
    case 'plain':
      return { ...tls, sasl: { mechanism, ...credentials } }
    case 'scram-sha-256':
      return { ...tls, sasl: { mechanism, ...credentials } }
    case 'scram-sha-512':
      return { ...tls, sasl: { mechanism, ...credentials } }
  }
}
