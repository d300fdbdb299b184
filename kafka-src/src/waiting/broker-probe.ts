import { once } from 'node:events'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { getBuiltinModule } from 'node:process'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { codeOf, SettingsError, tlsOptions, type CommonSettings } from '@kafka-etl/common'
import { apiVersionsFrame } from '../requests/api-versions.js'
import type { BrokerAddress } from './listener.js'
import { explainKafkaError } from '../errors/explain-kafka-error.js'

export type TransportSettings = Pick<CommonSettings, 'kafkaSsl' | 'kafkaSslCaFile' | 'kafkaSaslMechanism'>

const answerMs = 3_000

// SaslHandshake, version 0, correlation id 1, no client id, a mechanism with an empty name.
const saslHandshakeRequest = Buffer.from([0, 0, 0, 12, 0, 17, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 0])
/** The error of a listener without SASL for a SaslHandshake. A listener with SASL lists its mechanisms instead. */
const illegalSaslState = 34

/**
 * Explains why a broker accepts connections but does not respond. Kafka closes them silently if a client should use TLS
 * but does not, or if it gives no user. Undefined if the settings match the broker.
 */
export const findTransportFault = async (
  address: BrokerAddress,
  settings: TransportSettings,
): Promise<SettingsError | undefined> => {
  const { kafkaSsl, kafkaSslCaFile, kafkaSaslMechanism } = settings
  const where = `${address.host}:${address.port}`
  const tls = kafkaSsl ? tlsOptions(kafkaSslCaFile) : undefined
  const asSet = await exchange(address, tls, apiVersionsFrame)
  if (!asSet.ok) return kafkaSsl ? explainTlsFailure(address, asSet.error) : explainPlainFailure(address)
  if (kafkaSaslMechanism !== 'none') return undefined
  const mechanisms = readMechanisms(await exchange(address, tls, saslHandshakeRequest))
  return mechanisms
    ? new SettingsError(
        `KAFKA_SASL_MECHANISM: expected ${mechanisms.join(' or ')}, since the broker at ${where} asks for a user, got none`,
      )
    : undefined
}

const explainTlsFailure = async (address: BrokerAddress, failure: unknown): Promise<SettingsError | undefined> => {
  const explained = explainKafkaError(failure)
  if (explained instanceof SettingsError) return explained
  const { ok: speaksPlain } = await exchange(address, undefined, apiVersionsFrame)
  return speaksPlain
    ? new SettingsError(
        `KAFKA_SSL: expected false, since the broker at ${address.host}:${address.port} speaks no TLS, got true`,
      )
    : undefined
}

const explainPlainFailure = async (address: BrokerAddress): Promise<SettingsError | undefined> =>
  (await speaksTls(address))
    ? new SettingsError(
        `KAFKA_SSL: expected true, since the broker at ${address.host}:${address.port} speaks TLS only, got false`,
      )
    : undefined

type Exchange = { readonly ok: true; readonly answer: Buffer } | { readonly ok: false; readonly error: unknown }

/** `SCRAM-SHA-512` → `scram-sha-512`; undefined if the listener has no SASL. */
const readMechanisms = (exchanged: Exchange): readonly string[] | undefined => {
  if (!exchanged.ok) return undefined
  const { answer } = exchanged
  if (answer.length < 14 || answer.readInt16BE(8) === illegalSaslState) return undefined
  const mechanisms: string[] = []
  let at = 14
  for (let left = answer.readInt32BE(10); left > 0 && at + 2 <= answer.length; left--) {
    const end = at + 2 + answer.readInt16BE(at)
    mechanisms.push(answer.toString('utf8', at + 2, end).toLowerCase())
    at = end
  }
  return mechanisms
}

/** Loads TLS only if it is needed: it takes at least 4 MiB in a process without it. */
const connectTls = (options: ConnectionOptions): TLSSocket => getBuiltinModule('node:tls').connect(options)

/** Connects, sends the request, and waits for the complete response. */
const exchange = async (
  { host, port }: BrokerAddress,
  tls: ConnectionOptions | undefined,
  request: Buffer,
): Promise<Exchange> => {
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket = tls ? connectTls({ ...tls, ...name, host, port }) : connectPlain({ host, port })
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(answerMs) })
    socket.write(request)
    const answer = await readAnswer(socket)
    return answer ? { ok: true, answer } : { ok: false, error: undefined }
  } catch (error) {
    return { ok: false, error }
  } finally {
    socket.destroy()
  }
}

const readAnswer = (socket: Socket): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    let answer = Buffer.alloc(0)
    socket.setTimeout(answerMs, () => resolve(undefined))
    socket.once('error', () => resolve(undefined))
    socket.once('close', () => resolve(undefined))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length < 8 || answer.length < 4 + answer.readInt32BE(0)) return
      resolve(answer.readInt32BE(4) === 1 ? answer : undefined)
    })
  })

/** Whether a TLS handshake gets as far as the certificate, even if nobody here trusts that certificate. */
const speaksTls = async ({ host, port }: BrokerAddress): Promise<boolean> => {
  const socket = connectTls({ host, port })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(answerMs) })
    return true
  } catch (error) {
    return certificateFault.test(codeOf(error) ?? '')
  } finally {
    socket.destroy()
  }
}

/** OpenSSL's X509_V_ERR_… as Node names them, and Node's own code for a certificate with another name. */
const certificateFault = /CERT|VERIFY|ISSUER|SELF_SIGNED|CRL|ALTNAME/
