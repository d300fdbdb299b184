import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { describeUnresolved } from '../errors/explain-kafka-error.js'
import type { BrokerAddress } from './listener.js'

/**
 * Explains why no broker can be reached at its advertised address: the names do not resolve here. Undefined if one of
 * them resolves, since the name of a broker that is down may not.
 */
export const findUnresolvedName = async (
  advertised: readonly BrokerAddress[],
  isResolvable: (host: string) => Promise<boolean> = resolves,
): Promise<Error | undefined> => {
  const known = await Promise.all(advertised.map(async ({ host }) => isIP(host) !== 0 || (await isResolvable(host))))
  const [first] = advertised
  if (first === undefined || known.includes(true)) return undefined
  return new Error(describeUnresolved(`${first.host}:${first.port}`))
}

const resolves = (host: string): Promise<boolean> =>
  lookup(host).then(
    () => true,
    () => false,
  )
