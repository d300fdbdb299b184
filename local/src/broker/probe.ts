import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** The result of a health check. */
export type Probe = { readonly ok: true } | { readonly ok: false; readonly reason: string }

const answerMs = 2_000

/** Whether ZooKeeper serves requests: it answers `srvr` with its mode. */
export const probeZookeeper = (port: number): Promise<Probe> =>
  ask(port, Buffer.from('srvr'), (answer) => answer.includes('Mode:'))

// ApiVersions, version 0, correlation id 1, no client id. Any client may send this request at any time.
const apiVersionsRequest = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff])

/**
 * Whether Kafka serves requests. An open port does not prove that, since it opens before the broker is up. `ca`: for
 * TLS.
 */
export const probeKafka = (port: number, ca?: string): Promise<Probe> =>
  ask(port, apiVersionsRequest, (answer) => answer.length >= 8 && answer.readInt32BE(4) === 1, ca)

const ask = (port: number, request: Buffer, isAnswer: (answer: Buffer) => boolean, ca?: string): Promise<Probe> =>
  new Promise((resolve) => {
    let answer = Buffer.alloc(0)
    const address = { host: '127.0.0.1', port, timeout: answerMs }
    const socket = ca === undefined ? connect(address) : connectTls({ ...address, ca, servername: 'localhost' })
    const end = (probe: Probe): void => {
      socket.destroy()
      resolve(probe)
    }
    socket.once(ca === undefined ? 'connect' : 'secureConnect', () => socket.write(request))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (isAnswer(answer)) end({ ok: true })
    })
    socket.once('timeout', () => end({ ok: false, reason: `no answer on port ${port} within ${answerMs / 1000} s` }))
    socket.once('close', () => end({ ok: false, reason: `port ${port} closed the connection without an answer` }))
    socket.once('error', (error: Error) => end({ ok: false, reason: error.message }))
  })
