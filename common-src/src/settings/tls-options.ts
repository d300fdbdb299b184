import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { messageOf } from '../errors.js'
import { SettingsError } from './settings.js'

/** How TLS connections are made: the certificate is always verified, by the CA of this PEM file or the runtime's own list. */
export const tlsOptions = (caFile: string): ConnectionOptions =>
  caFile === '' ? { rejectUnauthorized: true } : { ca: [readCertificates(caFile)], rejectUnauthorized: true }

const readCertificates = (path: string): string => {
  const pem = readPem(path)
  // Without one, Node would trust nobody and say no more than that.
  if (isCertificate(pem)) return pem
  throw new SettingsError(`KAFKA_SSL_CA_FILE: expected a PEM file of certificates, got ${path}, which holds none`)
}

const readPem = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsError(`KAFKA_SSL_CA_FILE: expected a readable PEM file, got ${messageOf(error)}`)
  }
}

const isCertificate = (pem: string): boolean => {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}
