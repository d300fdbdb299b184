import { mkdir } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grantAccess, type AccessRule } from '@kafka-etl/kafka'
import { Kafka, logLevel, type Admin } from 'kafkajs'
import { createSystemClock } from '../../common-src/src/time/clock.js'
import { toKafkaAdmin } from '../../kafka-src/src/admin/kafka-admin.js'
import { secureBrokerProperties } from '../../local/src/secure/broker-properties.js'
import { makeCertificates } from '../../local/src/secure/certificates.js'
import { ensureCredentials, type BrokerUser, type SecureFolder } from '../../local/src/secure/credentials.js'
import { makeScramUsers } from '../../local/src/secure/scram-users.js'
import { startKafka, type TestKafka } from './kafka.js'
import { makeTemporaryFolder } from './temporary-folder.js'

/** A broker that requires TLS, SCRAM and ACLs, set up like the secured stack. */
export type SecureKafka = {
  readonly kafka: TestKafka
  /** Uses localhost, the name in the certificate. */
  readonly bootstrap: string
  readonly files: SecureFolder
  /** The authority of the expired certificate. */
  readonly expiredCaFile: string
  /** The settings with which a service logs in as this user. */
  readonly environmentOf: (user: BrokerUser) => Readonly<Record<string, string>>
  /** A client that is logged in as this user. */
  readonly clientOf: (user: BrokerUser) => Kafka
  /** Runs an action as the user `admin`, who may do everything. */
  readonly asAdmin: <T>(action: (admin: Admin) => Promise<T>) => Promise<T>
  readonly stop: () => Promise<void>
}

const makeClient = (bootstrap: string, files: SecureFolder, username: BrokerUser): Kafka => {
  const password = readFileSync(files.passwordFileOf(username), 'utf8')
  return new Kafka({
    brokers: [bootstrap],
    ssl: { ca: [readFileSync(files.caFile, 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username, password },
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries: 0 },
  })
}

const adminOf = (bootstrap: string, files: SecureFolder): Admin => makeClient(bootstrap, files, 'admin').admin()

const withAdmin = async <T>(admin: Admin, action: (admin: Admin) => Promise<T>): Promise<T> => {
  try {
    await admin.connect()
    return await action(admin)
  } finally {
    await admin.disconnect()
  }
}

/**
 * Starts it with new users and certificates, and without any ACL. The listener `expired` has an expired certificate;
 * with such a certificate for its own listener, the broker would not start.
 */
export const startSecureKafka = async (): Promise<SecureKafka> => {
  const folder = await makeTemporaryFolder('secure')
  const files = await ensureCredentials(folder, 0o600, Date.now())
  const expired = join(folder, 'expired')
  await mkdir(expired)
  await makeCertificates({ folder: expired, days: -1, mode: 0o600 })
  const localhost = (bootstrap: string): string => bootstrap.replace('127.0.0.1', 'localhost')
  const properties = secureBrokerProperties(
    {
      keyStore: files.keyStoreFile,
      trustStore: files.caFile,
      passwordFolder: folder,
      passwordFile: 'broker.password',
    },
    ['DIRECT', 'EXPIRED'],
  )
  const kafka = await startKafka({
    // Its users and ACLs are kept by ZooKeeper.
    flavour: '3.9',
    proxies: ['expired'],
    settings: {
      ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)])),
      'listener.security.protocol.map': 'DIRECT:SASL_SSL,EXPIRED:SASL_SSL',
      'listener.name.expired.ssl.keystore.location': join(expired, 'key-store.pem'),
    },
    beforeBroker: ({ zookeeper, jars }) => makeScramUsers({ folder, jars, zookeeper, files }),
    answers: async (bootstrap) =>
      withAdmin(
        adminOf(localhost(bootstrap), files),
        async (admin) => (await admin.describeCluster()).controller !== null,
      ),
  })
  const bootstrap = localhost(kafka.bootstrap)
  return {
    kafka,
    bootstrap,
    files,
    expiredCaFile: join(expired, 'ca.pem'),
    environmentOf: (user) => ({
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: files.caFile,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD_FILE: files.passwordFileOf(user),
    }),
    clientOf: (user) => makeClient(bootstrap, files, user),
    asAdmin: (action) => withAdmin(adminOf(bootstrap, files), action),
    stop: () => kafka.stop(),
  }
}

/** Grants the rules to their users. */
export const grant = ({ asAdmin }: SecureKafka, rules: readonly AccessRule[]): Promise<void> =>
  asAdmin((admin) => grantAccess(toKafkaAdmin(admin, createSystemClock()), rules))
