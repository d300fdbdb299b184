import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { presentText, type EngineSettings, type Environment } from '@kafka-etl/common'
import type { TableOptions } from './sql/tables.js'

/** The package of Kafka's classes within Flink's connector. */
const shaded = 'org.apache.flink.kafka.shaded.org.apache.kafka.common'
const loginModules = { plain: 'plain.PlainLoginModule', scram: 'scram.ScramLoginModule' }

export type KafkaOptionsResult =
  { readonly ok: true; readonly options: TableOptions } | { readonly ok: false; readonly fault: string }

type Access = Pick<
  EngineSettings,
  'kafkaSsl' | 'kafkaSslCaFile' | 'kafkaSaslMechanism' | 'kafkaSaslUsername' | 'secretsDir'
>

/**
 * The options with which Flink's tables connect to a broker with TLS or users; none for a broker that admits everybody.
 * They contain no password: each Flink process reads it from its file when it connects, and neither a job nor Flink's
 * pages contain it.
 */
export const planKafkaOptions = (settings: Access, environment: Environment): KafkaOptionsResult => {
  const { kafkaSsl, kafkaSaslMechanism: mechanism } = settings
  const passwordFile = presentText(environment.KAFKA_SASL_PASSWORD_FILE)
  if (mechanism !== 'none' && passwordFile === undefined) {
    return {
      ok: false,
      fault:
        'KAFKA_SASL_PASSWORD_FILE: expected the file of the password, which Flink reads for itself, got KAFKA_SASL_PASSWORD',
    }
  }
  if (!kafkaSsl && mechanism === 'none') return { ok: true, options: {} }
  const protocol = `${mechanism === 'none' ? '' : 'SASL_'}${kafkaSsl ? 'SSL' : 'PLAINTEXT'}`
  const properties = {
    'security.protocol': protocol,
    ...(kafkaSsl && settings.kafkaSslCaFile !== '' ? trustOf(settings) : {}),
    ...(mechanism === 'none' || passwordFile === undefined ? {} : loginOf(settings, passwordFile)),
  }
  const options = Object.entries(properties).map(([key, value]) => [`properties.${key}`, value] as const)
  return { ok: true, options: Object.fromEntries(options) }
}

const trustOf = ({ secretsDir, kafkaSslCaFile }: Access): Record<string, string> => ({
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': placeOf(secretsDir, kafkaSslCaFile),
})

const loginOf = (
  { secretsDir, kafkaSaslMechanism, kafkaSaslUsername }: Access,
  passwordFile: string,
): Record<string, string> => {
  const module = kafkaSaslMechanism === 'plain' ? loginModules.plain : loginModules.scram
  const file = placeOf(secretsDir, passwordFile)
  const folder = file.slice(0, -basename(file).length - 1)
  const username = kafkaSaslUsername.replaceAll(/["\\]/g, String.raw`\$&`)
  return {
    'sasl.mechanism': kafkaSaslMechanism.toUpperCase(),
    'sasl.jaas.config': `${shaded}.security.${module} required username="${username}" password="\${directory:${folder}:${basename(file)}}";`,
    'config.providers': 'directory',
    'config.providers.directory.class': `${shaded}.config.provider.DirectoryConfigProvider`,
  }
}

/** The path at which Flink finds a file of this service. */
const placeOf = (secretsDir: string, file: string): string =>
  secretsDir === '' ? file : join(secretsDir, basename(file))

/** Identifies the way in which a job accesses Kafka. */
export const markOfAccess = (options: TableOptions): string =>
  Object.keys(options).length === 0
    ? 'none'
    : createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 16)
