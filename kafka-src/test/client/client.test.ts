import { describe, expect, it } from '@jest/globals'
import { commonSettings, type CommonSettings } from '../../../common-src/src/settings/common-settings.js'
import { createKafka } from '../../src/kafka.js'
import { createLogger } from '../../../common-src/src/log/logger.js'
import { loadSettings, SettingsError, type Environment } from '../../../common-src/src/settings/settings.js'
import { createMemoryStream } from '../../../common-src/test/memory-stream.js'

const load = (environment: Environment): CommonSettings => {
  const loaded = loadSettings(commonSettings, environment, { prefixes: [], knownNames: [] })
  if (!loaded.ok) throw new Error(loaded.faults.join('; '))
  return loaded.settings
}

const create = (environment: Environment): unknown => {
  const settings = load(environment)
  const logger = createLogger({ name: 'etl', settings, stream: createMemoryStream() })
  return createKafka({ clientId: 'etl', settings, logger })
}

const user = { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'canary' }

describe('createKafka', () => {
  it.each([
    {},
    { KAFKA_SSL: 'true' },
    { ...user, KAFKA_SASL_MECHANISM: 'scram-sha-256' },
    { ...user, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SSL: 'true' },
  ])('takes %j', (environment) => expect(create(environment)).toBeDefined())

  it.each([
    [{ ...user, KAFKA_SASL_MECHANISM: 'plain' }, /^KAFKA_SASL_MECHANISM: .* in the clear$/],
    [{ KAFKA_SASL_MECHANISM: 'scram-sha-512' }, /got no user name and no password$/],
    [{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'u' }, /got no password$/],
    [{ KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: '/none.pem' }, /^KAFKA_SSL_CA_FILE: expected a readable PEM file, .*none/],
  ])('refuses %j', (environment: Environment, sentence) => {
    const attempt = (): unknown => create(environment)
    expect(attempt).toThrow(SettingsError)
    expect(attempt).toThrow(sentence)
    expect(attempt).not.toThrow(/canary/)
  })
})
