import { describe, expect, it } from '@jest/globals'
import { commonSettings } from '../../src/settings/common-settings.js'
import { findContradictions } from '../../src/settings/contradictions.js'
import { loadSettings, type Environment } from '../../src/settings/settings.js'

const faultsOf = (environment: Environment): readonly string[] => {
  const loaded = loadSettings(commonSettings, environment, { prefixes: [], knownNames: [], findContradictions })
  return loaded.ok ? [] : loaded.faults
}

describe('findContradictions', () => {
  it.each([
    {},
    { KAFKA_SSL_CA_FILE: '/none.pem' },
    { KAFKA_SASL_USERNAME: 'u' },
    { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SSL: 'true', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' },
  ])('has nothing against %j', (environment) => expect(faultsOf(environment)).toEqual([]))

  it('tells them all at once, beside what does not parse', () => {
    const environment = {
      LOG_LEVEL: 'loud',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: '/none.pem',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
    }
    expect(faultsOf(environment)).toEqual([
      expect.stringMatching(/^LOG_LEVEL: /),
      expect.stringMatching(/^KAFKA_SSL_CA_FILE: .*ENOENT/),
      expect.stringMatching(/got no user name and no password$/),
    ])
  })

  it('says nothing of what depends on a setting that does not parse', () => {
    expect(faultsOf({ KAFKA_SSL: 'yes', KAFKA_SASL_MECHANISM: 'digest', DEAD_LETTER_TOPIC: '..' })).toHaveLength(3)
  })

  it('wants a certificate in the file of the CA', () => {
    expect(faultsOf({ KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: __filename })).toEqual([
      `KAFKA_SSL_CA_FILE: expected a PEM file of certificates, got ${__filename}, which holds none`,
    ])
  })
})
