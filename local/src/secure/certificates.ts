import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '@kafka-etl/common'
import { StackError } from '../stack-error.js'

const run = promisify(execFile)

export type CertificateOptions = {
  /** The target folder: `ca.pem` for clients; `key-store.pem` for the broker, with its key and certificate. */
  readonly folder: string
  readonly days: number
  /** The file mode of the key. */
  readonly mode: number
}

/** The names of the broker: from this machine, and from the other containers. */
const extensions = `subjectAltName=DNS:localhost,DNS:kafka,IP:127.0.0.1
extendedKeyUsage=serverAuth
`

/**
 * Creates a certificate authority and a broker certificate signed by it, with openssl. The authority's key is
 * discarded: nobody can create another certificate that clients would accept for this broker.
 */
export const makeCertificates = async ({ folder, days, mode }: CertificateOptions): Promise<void> => {
  const path = (name: string): string => join(folder, name)
  const caKey = path('ca.key')
  const key = path('broker.key')
  const request = path('broker.csr')
  const extensionsFile = path('extensions.cnf')
  const certificate = path('broker.pem')
  const openssl = createOpenssl(folder)
  try {
    const newKey = ['-newkey', 'rsa:2048', '-nodes', '-sha256']
    const authority = ['-x509', '-days', String(Math.max(days, 1)), '-subj', '/CN=Kafka ETL stack']
    await openssl('req', ...newKey, ...authority, '-keyout', caKey, '-out', path('ca.pem'))
    await openssl('req', ...newKey, '-subj', '/CN=kafka', '-keyout', key, '-out', request)
    await writeFile(extensionsFile, extensions)
    const signing = ['-CA', path('ca.pem'), '-CAkey', caKey, '-CAcreateserial', '-extfile', extensionsFile]
    await openssl('x509', '-req', '-sha256', '-in', request, ...signing, '-days', String(days), '-out', certificate)
    const keyStore = `${await readFile(key, 'utf8')}${await readFile(certificate, 'utf8')}`
    await writeFile(path('key-store.pem'), keyStore, { mode })
    // Whatever the umask of this process.
    await chmod(path('key-store.pem'), mode)
    await chmod(path('ca.pem'), 0o644)
  } finally {
    const drafts = [caKey, key, request, extensionsFile, certificate, path('ca.srl')]
    await Promise.all(drafts.map((file) => rm(file, { force: true })))
  }
}

const createOpenssl =
  (folder: string) =>
  async (...args: string[]): Promise<void> => {
    try {
      await run('openssl', args, { cwd: folder })
    } catch (error) {
      throw new StackError(
        `SECURE=1 makes certificates with openssl, and \`openssl ${args[0] ?? ''}\` did not work: ${messageOf(error)}. Install openssl (Debian, Ubuntu: apt install openssl).`,
      )
    }
  }

/** Whether the certificate in this PEM text remains valid for this long. */
export const isValidFor = (pem: string, nowMs: number, remainingMs: number): boolean =>
  new X509Certificate(pem).validToDate.getTime() - nowMs > remainingMs
