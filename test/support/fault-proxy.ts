import { once } from 'node:events'
import { createServer } from 'node:net'
import { armRule, type ArmedRule, type FaultAction, type FaultMatch, type FaultRule } from './fault-rules.js'
import { apiKeys, type ApiName } from './kafka-frame.js'
import { endAfterTests } from './leftovers.js'
import { joinConnection, type Direction, type ProxyConnection, type Weather } from './proxy-connection.js'

/** A TCP proxy that reads Kafka's frames. The broker advertises the proxy's port: clients reconnect through it. */
export type FaultProxy = {
  readonly port: number
  /** The value of KAFKA_BROKERS for a client. */
  readonly bootstrap: string
  /** Applies a fault to the n-th request of an API, once unless `count` says more. */
  readonly inject: (action: FaultAction, match: FaultMatch) => FaultRule
  /** Breaks all connections and refuses new ones until `restore`. */
  readonly cut: () => void
  /** Breaks all connections; accepts new ones. */
  readonly reset: () => void
  /**
   * Keeps connections open but forwards nothing, like a network that drops packets; `restore` forwards what was sent
   * meanwhile.
   */
  readonly blackhole: (direction: Direction | 'both') => void
  /** Delays every frame in both directions by this much. */
  readonly delay: (delayMs: number) => void
  /** Ends cut, blackhole and delay, and removes all rules. */
  readonly restore: () => void
  /** The number of requests of this API since the start. */
  readonly requestCount: (api: ApiName) => number
  readonly connectionCount: () => number
  readonly close: () => Promise<void>
}

type Gate = { readonly passage: () => Promise<void>; readonly shut: () => void; readonly open: () => void }

const createGate = (): Gate => {
  let opening: PromiseWithResolvers<void> | undefined
  return {
    passage: () => opening?.promise ?? Promise.resolve(),
    shut: () => {
      opening ??= Promise.withResolvers()
    },
    open: () => {
      opening?.resolve()
      opening = undefined
    },
  }
}

/** Listens on `port` of 127.0.0.1 and connects each client to `targetPort`. */
export const startFaultProxy = async ({
  port,
  targetPort,
}: {
  port: number
  targetPort: number
}): Promise<FaultProxy> => {
  const connections = new Set<ProxyConnection>()
  const rules = new Set<ArmedRule>()
  const counts = new Map<number, number>()
  const gates: Record<Direction, Gate> = { toBroker: createGate(), toClient: createGate() }
  let isCut = false
  let delayMs = 0
  const weather: Weather = {
    judge: (request) => {
      counts.set(request.apiKey, (counts.get(request.apiKey) ?? 0) + 1)
      // Every rule must see every request; otherwise later ones would miscount.
      const [first] = [...rules].flatMap((armed) => (armed.matches(request) ? [armed] : []))
      return first
    },
    delayMs: () => delayMs,
    passage: (direction) => gates[direction].passage(),
  }
  const server = createServer({ noDelay: true }, (client) => {
    if (isCut) return client.resetAndDestroy()
    const connection = joinConnection(client, targetPort, weather)
    connections.add(connection)
    return void connection.closed.then(() => connections.delete(connection))
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const reset = (): void => {
    for (const connection of connections) connection.reset()
    connections.clear()
  }
  const restore = (): void => {
    isCut = false
    delayMs = 0
    for (const { rule } of [...rules]) rule.remove()
    gates.toBroker.open()
    gates.toClient.open()
  }
  const close = async (): Promise<void> => {
    forget()
    restore()
    reset()
    await once(server.close(), 'close')
  }
  const forget = endAfterTests(close)
  return {
    port,
    bootstrap: `127.0.0.1:${port}`,
    inject: (action, match) => {
      const armed: ArmedRule = armRule(action, match, () => rules.delete(armed))
      rules.add(armed)
      return armed.rule
    },
    cut: () => {
      isCut = true
      reset()
    },
    reset,
    blackhole: (direction) => {
      if (direction !== 'toClient') gates.toBroker.shut()
      if (direction !== 'toBroker') gates.toClient.shut()
    },
    delay: (ms) => {
      delayMs = ms
    },
    restore,
    requestCount: (api) => counts.get(apiKeys[api]) ?? 0,
    connectionCount: () => connections.size,
    close,
  }
}
