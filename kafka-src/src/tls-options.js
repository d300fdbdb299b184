import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { messageOf } from '@kafka-etl/common'
import { SettingsError } from '@kafka-etl/common'
/** How TLS connections are made: the certificate is always verified, by the CA of this PEM file or the runtime's own list. */
export const tlsOptions = (caFile) =>
  caFile === '' ? { rejectUnauthorized: true } : { ca: [readCertificates(caFile)], rejectUnauthorized: true }
const readCertificates = (path) => {
  const pem = readPem(path)
  // Without one, Node would trust nobody and say no more than that.
  if (isCertificate(pem)) return pem
  throw new SettingsError(`KAFKA_SSL_CA_FILE: expected a PEM file of certificates, got ${path}, which holds none`)
}
const readPem = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsError(`KAFKA_SSL_CA_FILE: expected a readable PEM file, got ${messageOf(error)}`)
  }
}
const isCertificate = (pem) => {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}
//# sourceMappingURL=tls-options.js.map
