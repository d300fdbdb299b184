import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { messageOf } from '../errors.js'
import { SettingsError } from './settings.js'

/**
 * The options of a TLS connection. The certificate is always verified, against the CA of this PEM file or the runtime's
 * own list. `name` is the setting that names the file.
 */
export const tlsOptions = (caFile: string, name = 'KAFKA_SSL_CA_FILE'): ConnectionOptions =>
  caFile === '' ? { rejectUnauthorized: true } : { ca: [readCertificates(caFile, name)], rejectUnauthorized: true }

const readCertificates = (path: string, name: string): string => {
  const pem = readPem(path, name)
  // Without this check, Node would trust no certificate and give no reason.
  if (isCertificate(pem)) return pem
  throw new SettingsError(`${name}: expected a PEM file of certificates, got ${path}, which holds none`)
}

const readPem = (path: string, name: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsError(`${name}: expected a readable PEM file, got ${messageOf(error)}`)
  }
}

const isCertificate = (pem: string): boolean => {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}
