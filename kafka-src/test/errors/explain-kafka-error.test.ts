import { describe, expect, it } from '@jest/globals'
import { explainKafkaError } from '../../src/errors/explain-kafka-error.js'
import { SettingsError } from '../../../common-src/src/settings/settings.js'

const errorOf = (name: string, message: string, fields: Readonly<Record<string, unknown>> = {}): Error =>
  Object.assign(new Error(message), { name, ...fields })

describe('explainKafkaError', () => {
  it.each([
    [errorOf('KafkaJSSASLAuthenticationError', 'SASL SCRAM SHA256 authentication failed'), /KAFKA_SASL_USERNAME/],
    [errorOf('KafkaJSProtocolError', 'The broker does not', { type: 'UNSUPPORTED_SASL_MECHANISM' }), /MECHANISM/],
    [errorOf('KafkaJSProtocolError', 'Request is not', { type: 'ILLEGAL_SASL_STATE' }), /MECHANISM: expected none/],
    [errorOf('KafkaJSConnectionError', 'Connection error: certificate has expired'), /expired: renew it/],
    [errorOf('KafkaJSConnectionError', 'self-signed certificate in certificate chain'), /KAFKA_SSL_CA_FILE/],
    [errorOf('KafkaJSConnectionError', 'unable to verify the first certificate'), /KAFKA_SSL_CA_FILE/],
    [errorOf('KafkaJSProtocolError', 'x', { type: 'TOPIC_AUTHORIZATION_FAILED' }), /denied access/],
    [errorOf('KafkaJSProtocolError', 'Not authorized to access group: Group authorization failed'), /ACL/],
  ])('makes %s a fault of the settings', (error, sentence) => {
    const explained = explainKafkaError(error)
    expect(explained).toBeInstanceOf(SettingsError)
    expect((explained as SettingsError).message).toMatch(sentence)
    expect((explained as SettingsError).cause).toBe(error)
  })

  it('names each topic that Kafka refuses, and why', () => {
    const refused = (topic: string, type: string): Error =>
      errorOf('KafkaJSCreateTopicError', 'Configuration is invalid', { topic, type })
    const explained = explainKafkaError(
      errorOf('KafkaJSAggregateError', 'Topic creation errors', {
        errors: [
          refused('unified.timestamps', 'INVALID_TOPIC_EXCEPTION'),
          refused('a', 'TOPIC_ALREADY_EXISTS'),
          refused('dead_letters', 'INVALID_REPLICATION_FACTOR'),
        ],
      }),
    )
    expect(explained).toBeInstanceOf(SettingsError)
    expect((explained as SettingsError).message).toMatch(
      /^Kafka refused to create topics: unified\.timestamps: the name .*; dead_letters: it would get more copies than there are brokers/,
    )
  })

  it('says that a broker advertises a name that does not resolve', () => {
    const cause = errorOf('KafkaJSConnectionError', 'Connection error: getaddrinfo ENOTFOUND no.invalid', {
      broker: 'no.invalid:9092',
    })
    const explained = explainKafkaError(errorOf('KafkaJSNumberOfRetriesExceeded', 'x', { cause }))
    expect(explained).not.toBeInstanceOf(SettingsError)
    expect((explained as Error).message).toMatch(
      /^a broker advertises the address no\.invalid:9092, a name that does not/,
    )
  })

  it('looks through the causes that KafkaJS wraps an error in, even where they form a ring', () => {
    const cause = errorOf('KafkaJSSASLAuthenticationError', 'no')
    const outer = Object.assign(errorOf('KafkaJSNonRetriableError', 'gave up'), { cause })
    Object.assign(cause, { cause: outer })
    expect(explainKafkaError(outer)).toBeInstanceOf(SettingsError)
  })

  it('says what a coordinator that is not found may mean, which a restart may mend', () => {
    const explained = explainKafkaError(errorOf('KafkaJSGroupCoordinatorNotFound', 'Failed to find group coordinator'))
    expect(explained).not.toBeInstanceOf(SettingsError)
    expect((explained as Error).message).toMatch(/still starting, or the user lacks an ACL/)
  })

  it.each([errorOf('KafkaJSConnectionError', 'connect ECONNREFUSED'), new Error('x'), 'text', undefined])(
    'leaves %s as it is',
    (error) => expect(explainKafkaError(error)).toBe(error),
  )
})
