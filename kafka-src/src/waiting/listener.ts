import { once } from 'node:events'
import { connect } from 'node:net'
import { codeOf } from '@kafka-etl/common'

export type BrokerAddress = { readonly host: string; readonly port: number }

export type Listener =
  { readonly ok: true; readonly address: BrokerAddress } | { readonly ok: false; readonly refusal: Error }

const connectTimeoutMs = 3_000

/** Parses `kafka:9092` or `[::1]:9092`. */
export const parseAddress = (broker: string): BrokerAddress => {
  const colon = broker.lastIndexOf(':')
  return { host: broker.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(broker.slice(colon + 1)) }
}

/** The first broker that accepts a connection, or why the last one did not. */
export const findListener = async (brokers: readonly string[]): Promise<Listener> => {
  let refusal = new Error('no broker is set')
  for (const broker of brokers) {
    const address = parseAddress(broker)
    const socket = connect(address)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) })
      return { ok: true, address }
    } catch (error) {
      refusal = new Error(`no connection to ${broker} (${reasonOf(error)})`, { cause: error })
    } finally {
      socket.destroy()
    }
  }
  return { ok: false, refusal }
}

const reasonOf = (error: unknown): string => {
  const code = codeOf(error)
  return code === undefined || code === 'ABORT_ERR' ? 'no answer' : code
}
