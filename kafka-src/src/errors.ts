import { SettingsError } from '@kafka-etl/common'

/** A KafkaJS error and everything that has caused it, outermost first. */
const causesOf = (error: unknown, known: readonly Error[] = []): readonly Error[] => {
  if (!(error instanceof Error) || known.includes(error)) return known
  const several: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [error.cause, ...several].reduce<readonly Error[]>((all, cause) => causesOf(cause, all), [...known, error])
}

/** `timezone1: Topic authorization failed`, each sentence once. */
const textOf = (error: unknown): string => {
  const sentences = causesOf(error).map((cause) => {
    return whereOf(cause) + cause.message.replace(/; if the root CA is installed locally.*/, '')
  })
  return [...new Set(sentences)].join('; ')
}

const whereOf = (cause: Error): string => {
  if ('topic' in cause && typeof cause.topic === 'string') return `topic ${cause.topic}: `
  // Where coordinators are looked for, KafkaJS calls a transactional id a group, too.
  return 'groupId' in cause && typeof cause.groupId === 'string' ? `group or transactional id ${cause.groupId}: ` : ''
}

const has = (error: unknown, matches: (cause: Error) => boolean): boolean => causesOf(error).some(matches)

const typeOf = (error: Error): string => ('type' in error && typeof error.type === 'string' ? error.type : '')

/**
 * What a KafkaJS error really means, in a sentence that says what to do. A wrong password, certificate or permission
 * becomes a {@link SettingsError}, since no restart mends it; anything else comes back as it is.
 */
export const explainKafkaError = (error: unknown): unknown => {
  if (error instanceof SettingsError) return error
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
  if (has(error, ({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')) {
    return new Error(
      'no coordinator was found for the consumer group or transactional id: the broker is still starting, or the user lacks an ACL on it (Read on the group, Write on the transactional id)',
      { cause: error },
    )
  }
  return error
}
