import { SettingsError } from '@kafka-etl/common'
import { causesOf, textOf, typeOf } from './kafka-errors.js'
import { describeTopicCreation } from './topic-creation-errors.js'

const has = (error: unknown, matches: (cause: Error) => boolean): boolean => causesOf(error).some(matches)

/**
 * Explains a KafkaJS error in a sentence that says what to do. A wrong password, certificate or permission becomes a
 * {@link SettingsError}, since a restart does not help. Any other error is returned unchanged.
 */
export const explainKafkaError = (error: unknown): unknown => {
  const settingsError = causesOf(error).find((cause) => cause instanceof SettingsError)
  if (settingsError !== undefined) return settingsError
  const text = textOf(error)
  const explain = (sentence: string): SettingsError => new SettingsError(sentence, { cause: error })
  if (has(error, ({ name }) => name === 'KafkaJSSASLAuthenticationError')) {
    return explain('Kafka refused the user name or password: check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD')
  }
  if (has(error, (cause) => typeOf(cause) === 'UNSUPPORTED_SASL_MECHANISM')) {
    return explain('Kafka does not offer this SASL mechanism: check KAFKA_SASL_MECHANISM')
  }
  if (has(error, (cause) => typeOf(cause) === 'ILLEGAL_SASL_STATE')) {
    return explain('KAFKA_SASL_MECHANISM: expected none, since the broker asks for no user on this port')
  }
  if (/certificate has expired/i.test(text)) {
    return explain("the broker's certificate has expired: renew it on the broker")
  }
  if (/self[- ]signed certificate|unable to (get|verify)|certificate/i.test(text)) {
    return explain(`the broker's certificate could not be verified: check KAFKA_SSL_CA_FILE (${text})`)
  }
  if (has(error, (cause) => typeOf(cause).endsWith('_AUTHORIZATION_FAILED')) || /not authorized/i.test(text)) {
    return explain(
      `Kafka denied access: the user of KAFKA_SASL_USERNAME lacks an ACL, see docs/operations.md for what each service needs (${text})`,
    )
  }
  const refusedTopics = describeTopicCreation(error)
  if (refusedTopics !== undefined) return explain(refusedTopics)
  const unresolved = causesOf(error).find((cause) => /getaddrinfo (ENOTFOUND|EAI_AGAIN|EAI_NODATA)/.test(cause.message))
  if (unresolved !== undefined) return new Error(describeUnresolved(addressOf(unresolved)), { cause: error })
  if (has(error, ({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')) {
    return new Error(
      'no coordinator was found for the consumer group or transactional id: the broker is still starting, or the user lacks an ACL on it (Read on the group, Write on the transactional id)',
      { cause: error },
    )
  }
  return error
}

/**
 * Explains an advertised address: after reaching KAFKA_BROKERS, a client connects to the addresses that the brokers
 * advertise.
 */
export const describeUnresolved = (address: string): string =>
  `a broker advertises the address ${address}, a name that does not resolve here: check advertised.listeners of the broker, or this machine's DNS`

const addressOf = (error: Error): string => {
  if ('broker' in error && typeof error.broker === 'string') return error.broker
  return /getaddrinfo \w+ (\S+)/.exec(error.message)?.[1] ?? 'of a broker'
}
