import { Kafka, logLevel, type Consumer, type KafkaConfig, type SASLOptions } from 'kafkajs'
import type { Clock, CommonSettings } from '@kafka-etl/common'
import { createBatchReader, type ConsumedBatch } from '../records/consumed-batch.js'
import { shufflePartitions } from '../records/in-turns.js'
import { createTransactionCoordinators } from '../transaction-coordinators.js'
import { createSocketFactory } from './socket-factory.js'
import { findSaslFaults } from '@kafka-etl/common'
import { createKafkaLog } from './client-log.js'
import type { Logger } from '@kafka-etl/common'
import { SettingsError } from '@kafka-etl/common'
import { tlsOptions } from '@kafka-etl/common'

/** KafkaJS with the seams of patches/README.md in use. */
export type Client = Kafka<ConsumedBatch>
export type ClientConsumer = Consumer<ConsumedBatch>

export type KafkaOptions = {
  readonly clientId: string
  readonly settings: CommonSettings
  readonly logger: Logger
  readonly clock?: Clock
  /** How often a request or a connection is tried again: 8 times, which takes some 10 s, unless told otherwise. */
  readonly retries?: number
}

/** A KafkaJS client as the settings say. Throws a {@link SettingsError} where they contradict each other. */
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

/** What KafkaJS need not even make an entry for: its chatter of requests is for `trace`, that of joining for `debug`. */
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
  if (mechanism === 'none') return tls
  const { kafkaSaslUsername: username, kafkaSaslPassword: password } = settings
  return { ...tls, sasl: { mechanism, username, password } as SASLOptions }
}
