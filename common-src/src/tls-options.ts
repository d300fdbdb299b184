import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { SettingsError } from './settings.js'

/** How TLS connections are made: the certificate is always verified, by the CA of this PEM file or the runtime's own list. */
export const tlsOptions = (caFile: string): ConnectionOptions => {
  if (caFile === '') return { rejectUnauthorized: true }
  try {
    return { ca: [readFileSync(caFile, 'utf8')], rejectUnauthorized: true }
  } catch (error) {
    throw new SettingsError(
      `KAFKA_SSL_CA_FILE: expected a readable PEM file, got ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
