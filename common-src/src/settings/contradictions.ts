import type { CommonSettings } from './common-settings.js'
import { messageOf } from '../errors.js'
import { tlsOptions } from './tls-options.js'

type Known = Partial<CommonSettings>

/**
 * The contradictions between the shared settings, one sentence each. Settings that did not parse are absent, and checks
 * that depend on them are skipped.
 */
export const findContradictions = (known: Known): readonly string[] => [
  ...findTlsFaults(known),
  ...findSaslFaults(known),
]

const findTlsFaults = ({ kafkaSsl, kafkaSslCaFile }: Known): readonly string[] => {
  if (kafkaSsl !== true || kafkaSslCaFile === undefined) return []
  try {
    tlsOptions(kafkaSslCaFile)
    return []
  } catch (error) {
    return [messageOf(error)]
  }
}

export const findSaslFaults = (known: Known): readonly string[] => {
  const { kafkaSsl, kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = known
  if (mechanism === undefined || mechanism === 'none') return []
  const isInTheClear = mechanism === 'plain' && kafkaSsl === false
  const missing = [...(username === '' ? ['no user name'] : []), ...(password === '' ? ['no password'] : [])]
  return [
    ...(isInTheClear
      ? [
          'KAFKA_SASL_MECHANISM: expected scram-sha-256 or scram-sha-512 unless KAFKA_SSL is true, got plain, which would send the password in the clear',
        ]
      : []),
    ...(missing.length > 0
      ? [
          `KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: expected both with KAFKA_SASL_MECHANISM=${mechanism}, got ${missing.join(' and ')}`,
        ]
      : []),
  ]
}
