import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { engineUser, serviceUsers } from '@kafka-etl/kafka'
import { formatProperties } from '../broker/properties.js'
import { isValidFor, makeCertificates } from './certificates.js'
import { formatZookeeperJaas } from './zookeeper-access.js'

/** All users of the secured broker: the broker itself, its operator, the services, and the engine. */
export const brokerUsers = ['broker', 'admin', ...serviceUsers, engineUser] as const
export type BrokerUser = (typeof brokerUsers)[number]

const certificateDays = 365
const renewedBeforeMs = 30 * 24 * 3_600_000

export type SecureFolder = {
  /** The certificate of the authority, for clients. */
  readonly caFile: string
  /** The broker's key and certificate. */
  readonly keyStoreFile: string
  /** The JAAS files: ZooKeeper's, with the logins of Kafka and Flink, and one for each of the two. */
  readonly zookeeperServerFile: string
  readonly zookeeperClientFile: string
  readonly zookeeperFlinkFile: string
  /** The properties with which Kafka's own tools log in as the user `admin`. */
  readonly adminClientFile: string
  readonly passwordFileOf: (user: BrokerUser) => string
  /** The password in the format of kafka-configs: `SCRAM-SHA-512=password=…`. */
  readonly propertiesFileOf: (user: BrokerUser) => string
}

export const planSecureFolder = (folder: string): SecureFolder => ({
  caFile: join(folder, 'ca.pem'),
  keyStoreFile: join(folder, 'key-store.pem'),
  adminClientFile: join(folder, 'admin-client.properties'),
  zookeeperServerFile: join(folder, 'zookeeper-server.jaas'),
  zookeeperClientFile: join(folder, 'zookeeper-client.jaas'),
  zookeeperFlinkFile: join(folder, 'zookeeper-flink.jaas'),
  passwordFileOf: (user) => join(folder, `${user}.password`),
  propertiesFileOf: (user) => join(folder, `${user}.properties`),
})

/**
 * Creates certificates and a random password for each user if they are missing or expire soon; keeps existing ones.
 * Only its owner can enter the folder; its files have `mode`, since containers may read them through their group.
 */
export const ensureCredentials = async (folder: string, mode: number, nowMs: number): Promise<SecureFolder> => {
  const files = planSecureFolder(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  if (!hasValidCertificates(files, nowMs)) await makeCertificates({ folder, days: certificateDays, mode })
  ensureZookeeperJaas(files, mode)
  for (const user of brokerUsers) {
    const passwordFile = files.passwordFileOf(user)
    if (!existsSync(passwordFile)) writeSecret(passwordFile, newPassword(), mode)
    const password = readFileSync(passwordFile, 'utf8')
    writeSecret(files.propertiesFileOf(user), `SCRAM-SHA-512=password=${password}\n`, mode)
    chmodSync(passwordFile, mode)
  }
  chmodSync(files.keyStoreFile, mode)
  writeSecret(files.adminClientFile, formatAdminClient(files), mode)
  return files
}

/** Contains the certificate itself: the file is the same on the machine and in a container. */
const formatAdminClient = ({ caFile, passwordFileOf }: SecureFolder): string =>
  formatProperties({
    'security.protocol': 'SASL_SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': readFileSync(caFile, 'utf8'),
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="${readFileSync(passwordFileOf('admin'), 'utf8')}";`,
  })

/**
 * Whether ZooKeeper only admits Kafka and Flink. It keeps doing so even without SECURE, until `make clean`: its
 * existing nodes belong to them.
 */
export const isZookeeperGuarded = (folder: string, { secure }: { readonly secure: boolean }): boolean =>
  secure || existsSync(planSecureFolder(folder).zookeeperServerFile)

const newPassword = (): string => randomBytes(24).toString('base64url')

/** Creates the passwords of Kafka and Flink for ZooKeeper if they are missing. */
export const ensureZookeeperJaas = (files: SecureFolder, mode: number): void => {
  const jaasFiles = [files.zookeeperServerFile, files.zookeeperClientFile, files.zookeeperFlinkFile]
  if (!jaasFiles.every((file) => existsSync(file))) {
    const { server, client, flink } = formatZookeeperJaas({ kafka: newPassword(), flink: newPassword() })
    writeSecret(files.zookeeperServerFile, server, mode)
    writeSecret(files.zookeeperClientFile, client, mode)
    writeSecret(files.zookeeperFlinkFile, flink, mode)
  }
  jaasFiles.forEach((file) => chmodSync(file, mode))
}

const hasValidCertificates = ({ caFile, keyStoreFile }: SecureFolder, nowMs: number): boolean => {
  if (!existsSync(caFile) || !existsSync(keyStoreFile)) return false
  const [, certificate = ''] = /(-----BEGIN CERTIFICATE-----[^]*)/.exec(readFileSync(keyStoreFile, 'utf8')) ?? []
  return [readFileSync(caFile, 'utf8'), certificate].every((pem) => isValidFor(pem, nowMs, renewedBeforeMs))
}

const writeSecret = (file: string, text: string, mode: number): void => {
  writeFileSync(file, text, { mode })
  chmodSync(file, mode)
}
