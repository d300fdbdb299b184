import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serviceUsers } from '@kafka-etl/kafka'
import { isValidFor, makeCertificates } from './certificates.js'

/** Every user of the secured broker: itself, whoever operates it, and the services. */
export const brokerUsers = ['broker', 'admin', ...serviceUsers] as const
export type BrokerUser = (typeof brokerUsers)[number]

const certificateDays = 365
const renewedBeforeMs = 30 * 24 * 3_600_000

export type SecureFolder = {
  /** Of the certificate authority, for clients. */
  readonly caFile: string
  /** The broker's key and certificate. */
  readonly keyStoreFile: string
  readonly passwordFileOf: (user: BrokerUser) => string
  /** The password as kafka-configs reads it: `SCRAM-SHA-512=password=…`. */
  readonly propertiesFileOf: (user: BrokerUser) => string
}

export const planSecureFolder = (folder: string): SecureFolder => ({
  caFile: join(folder, 'ca.pem'),
  keyStoreFile: join(folder, 'key-store.pem'),
  passwordFileOf: (user) => join(folder, `${user}.password`),
  propertiesFileOf: (user) => join(folder, `${user}.properties`),
})

/**
 * Makes certificates and a random password for each user, where they are missing or will soon have expired; what is
 * there stays. The folder is for its owner alone; its files have `mode`: containers may come in by their group.
 */
export const ensureCredentials = async (folder: string, mode: number, nowMs: number): Promise<SecureFolder> => {
  const files = planSecureFolder(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  if (!hasValidCertificates(files, nowMs)) await makeCertificates({ folder, days: certificateDays, mode })
  for (const user of brokerUsers) {
    const passwordFile = files.passwordFileOf(user)
    if (!existsSync(passwordFile)) writeSecret(passwordFile, randomBytes(24).toString('base64url'), mode)
    const password = readFileSync(passwordFile, 'utf8')
    writeSecret(files.propertiesFileOf(user), `SCRAM-SHA-512=password=${password}\n`, mode)
    chmodSync(passwordFile, mode)
  }
  chmodSync(files.keyStoreFile, mode)
  return files
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
