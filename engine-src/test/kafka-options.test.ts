import { describe, expect, it } from '@jest/globals'
import { markOfAccess, planKafkaOptions } from '../src/kafka-options.js'

const open = {
  kafkaSsl: false,
  kafkaSslCaFile: '',
  kafkaSaslMechanism: 'none',
  kafkaSaslUsername: '',
  secretsDir: '',
} as const
const secured = { ...open, kafkaSsl: true, kafkaSslCaFile: '/data/secure/ca.pem', kafkaSaslUsername: 'engine' }
const environment = { KAFKA_SASL_PASSWORD_FILE: '/data/secure/engine.password' }

const optionsOf = (...args: Parameters<typeof planKafkaOptions>): Readonly<Record<string, string>> => {
  const planned = planKafkaOptions(...args)
  if (!planned.ok) throw new Error(planned.fault)
  return planned.options
}

describe('planKafkaOptions', () => {
  it('has none for a broker that lets everybody in', () => {
    expect(optionsOf(open, {})).toEqual({})
  })

  it('names the authority, the user, and the file of the password rather than the password', () => {
    expect(optionsOf({ ...secured, kafkaSaslMechanism: 'scram-sha-512', secretsDir: 'secure' }, environment)).toEqual({
      'properties.security.protocol': 'SASL_SSL',
      'properties.ssl.truststore.type': 'PEM',
      'properties.ssl.truststore.location': 'secure/ca.pem',
      'properties.sasl.mechanism': 'SCRAM-SHA-512',
      'properties.sasl.jaas.config':
        'org.apache.flink.kafka.shaded.org.apache.kafka.common.security.scram.ScramLoginModule required username="engine" password="${directory:secure:engine.password}";',
      'properties.config.providers': 'directory',
      'properties.config.providers.directory.class':
        'org.apache.flink.kafka.shaded.org.apache.kafka.common.config.provider.DirectoryConfigProvider',
    })
  })

  it('takes the files where this service has them, unless Flink has them elsewhere', () => {
    const options = optionsOf({ ...secured, kafkaSaslMechanism: 'plain', kafkaSaslUsername: 'a"b' }, environment)
    expect(options['properties.ssl.truststore.location']).toBe('/data/secure/ca.pem')
    expect(options['properties.sasl.jaas.config']).toMatch(
      /plain\.PlainLoginModule required username="a\\"b" password="\$\{directory:\/data\/secure:engine\.password\}";$/,
    )
  })

  it('does with TLS alone, by the authorities that Java knows', () => {
    expect(optionsOf({ ...open, kafkaSsl: true }, {})).toEqual({ 'properties.security.protocol': 'SSL' })
  })

  it('refuses a password that is in no file', () => {
    expect(planKafkaOptions({ ...secured, kafkaSaslMechanism: 'scram-sha-512' }, {})).toEqual({
      ok: false,
      fault:
        'KAFKA_SASL_PASSWORD_FILE: expected the file of the password, which Flink reads for itself, got KAFKA_SASL_PASSWORD',
    })
  })
})

describe('markOfAccess', () => {
  it('tells ways to Kafka apart', () => {
    expect(markOfAccess({})).toBe('none')
    expect(markOfAccess({ a: '1' })).not.toBe(markOfAccess({ a: '2' }))
  })
})
