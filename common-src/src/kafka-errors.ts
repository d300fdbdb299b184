import { SettingsError } from './settings.js'

/** The chain of causes of a KafkaJS error, outermost first. */
const causesOf = (error: unknown): readonly Error[] => {
  const chain: Error[] = []
  for (let next: unknown = error; next instanceof Error && !chain.includes(next); next = next.cause) chain.push(next)
  return chain
}

const has = (error: unknown, matches: (cause: Error) => boolean): boolean => causesOf(error).some(matches)

const typeOf = (error: Error): string => ('type' in error && typeof error.type === 'string' ? error.type : '')

/**
 * What a KafkaJS error really means, in a sentence that says what to do. A wrong password, certificate or permission
 * becomes a {@link SettingsError}, since no restart mends it; anything else comes back as it is.
 */
export const explainKafkaError = (error: unknown): unknown => {
  const text = causesOf(error)
    .map(({ message }) => message)
    .join(' | ')
  const explain = (sentence: string): SettingsError => new SettingsError(sentence, { cause: error })
  if (has(error, ({ name }) => name === 'KafkaJSSASLAuthenticationError')) {
    return explain('Kafka refused the user name or password: check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD')
  }
  if (has(error, (cause) => typeOf(cause) === 'UNSUPPORTED_SASL_MECHANISM')) {
    return explain('Kafka does not offer this SASL mechanism: check KAFKA_SASL_MECHANISM')
  }
  if (/certificate has expired/i.test(text)) {
    return explain("the broker's certificate has expired: renew it on the broker")
  }
  if (/self[- ]signed certificate|unable to (get|verify)|certificate/i.test(text)) {
    return explain(`the broker's certificate could not be verified: check KAFKA_SSL_CA_FILE (${text})`)
  }
  if (has(error, (cause) => typeOf(cause).endsWith('_AUTHORIZATION_FAILED')) || /not authorized/i.test(text)) {
    return explain(`Kafka denied access: the user lacks an ACL (${text})`)
  }
  if (has(error, ({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')) {
    return new Error(
      'no coordinator was found for the consumer group or transactional id: the broker is still starting, or the user lacks an ACL on it (Describe and Read on the group)',
      { cause: error },
    )
  }
  return error
}
