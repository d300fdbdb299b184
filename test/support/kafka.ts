import { rm } from 'node:fs/promises'
import {
  findFreePorts,
  smallJvm,
  startKafka as startBroker,
  startLoggedChild,
  startZookeeper,
  type BrokerSite,
  type Listener,
  type Server,
} from '@kafka-etl/local/broker'
import { answersAsBroker } from './answers.js'
import type { BrokerClock } from './broker-clock.js'
import { testBrokerSettings } from './broker-settings.js'
import { endWithTests } from './child.js'
import { startFaultProxy, type FaultProxy } from './fault-proxy.js'
import { flavours, resolveJars, type Flavour } from './jars.js'
import { makeTemporaryFolder } from './temporary-folder.js'

export type KafkaOptions = {
  /** The default is that of `TEST_KAFKA`. */
  readonly flavour?: Flavour
  /** A fault proxy for each name; clients with `proxy(name).bootstrap` reach the broker only through it. */
  readonly proxies?: readonly string[]
  /** Broker properties that override the harness's own. */
  readonly settings?: Readonly<Record<string, string>>
  /** The broker's heap in MB; by default 256. */
  readonly heapMb?: number
  /** The data folder, which `stop` removes; by default a new temporary one. */
  readonly folder?: string
  /** Runs after ZooKeeper responds and before the broker starts. */
  readonly beforeBroker?: (cluster: { readonly zookeeper: string; readonly jars: string }) => Promise<void>
  /** The broker's wall clock; by default the machine's. */
  readonly clock?: BrokerClock
  /** Whether the broker responds; the default check is a client without TLS. */
  readonly answers?: (bootstrap: string) => Promise<boolean>
}

/** How a test reaches a broker. */
export type KafkaAccess = {
  readonly flavour: Flavour
  /** The direct listener, without any proxy. */
  readonly bootstrap: string
  readonly proxy: (name: string) => FaultProxy
}

/** A broker that belongs to one test, which may do anything to it. */
export type TestKafka = KafkaAccess & {
  readonly port: number
  readonly folder: string
  readonly broker: Server
  /** Only with flavour 3.9. */
  readonly zookeeper: Server | undefined
  /** The listener behind a proxy, without the proxy. */
  readonly listenerBehind: (name: string) => string
  readonly stop: () => Promise<void>
}

/** Kafka of the release in `TEST_KAFKA`: 3.9 with ZooKeeper (default), or 4.1 with KRaft. */
export const defaultFlavour = flavours.find((known) => known === process.env.TEST_KAFKA) ?? '3.9'

export type Ports = { readonly direct: number; readonly metadata: number; readonly proxied: readonly ProxiedListener[] }

/** A listener besides the direct one: it advertises `advertisedPort`, the port of a proxy. */
type ProxiedListener = { readonly name: string; readonly port: number; readonly advertisedPort: number }

const choosePorts = async (names: readonly string[]): Promise<Ports> => {
  const [direct = 0, metadata = 0, ...listenerPorts] = await findFreePorts(2 + 2 * names.length)
  const proxied = names.map((name, index) => ({
    name: name.toUpperCase(),
    port: listenerPorts[2 * index] ?? 0,
    advertisedPort: listenerPorts[2 * index + 1] ?? 0,
  }))
  return { direct, metadata, proxied }
}

const planListeners = ({ direct, proxied }: Ports): readonly [Listener, ...Listener[]] => [
  { name: 'DIRECT', protocol: 'PLAINTEXT', port: direct },
  ...proxied.map(({ name, port, advertisedPort }) => ({
    name,
    protocol: 'PLAINTEXT' as const,
    port,
    advertised: { port: advertisedPort },
  })),
]

/** A process of a broker, which ends at the latest after the tests of this file. */
export const launchWithTests: NonNullable<BrokerSite['launch']> = async (options) =>
  endWithTests(await startLoggedChild(options))

export type Cluster = {
  readonly ports: Ports
  readonly broker: Server
  readonly zookeeper: Server | undefined
}

/**
 * Starts ZooKeeper (3.9) and the broker, on free ports of 127.0.0.1; resolves when the broker has answered a request.
 */
export const startCluster = async (
  folder: string,
  options: KafkaOptions,
  launch: NonNullable<BrokerSite['launch']>,
): Promise<Cluster> => {
  const { flavour = defaultFlavour, heapMb = 256, clock, answers = answersAsBroker } = options
  const jars = await resolveJars(flavour)
  const site = { folder, jars, launch }
  const ports = await choosePorts(options.proxies ?? [])
  const zookeeper = flavour === '3.9' ? await startZookeeper({ ...site, port: ports.metadata }) : undefined
  await options.beforeBroker?.({ zookeeper: `127.0.0.1:${ports.metadata}`, jars })
  const broker = await startBroker({
    ...site,
    id: 0,
    metadata: { kind: flavour === '3.9' ? 'zookeeper' : 'kraft', port: ports.metadata },
    listeners: planListeners(ports),
    settings: { ...testBrokerSettings, ...options.settings },
    jvm: [...smallJvm(heapMb), ...(clock === undefined ? [] : [clock.javaOption])],
    ...(clock === undefined ? {} : { classes: [await clock.classes(jars)] }),
    isReady: () => answers(`127.0.0.1:${ports.direct}`),
  })
  return { ports, broker, zookeeper }
}

/** The proxies of a test file, by name. */
export type Proxies = { readonly proxy: KafkaAccess['proxy']; readonly close: () => Promise<void> }

/** Starts a fault proxy in front of each listener. */
export const openProxies = async (listeners: readonly ProxiedListener[]): Promise<Proxies> => {
  const proxies = new Map<string, FaultProxy>()
  for (const { name, port, advertisedPort } of listeners) {
    proxies.set(name, await startFaultProxy({ port: advertisedPort, targetPort: port }))
  }
  return {
    proxy: (name) => {
      const proxy = proxies.get(name.toUpperCase())
      if (proxy === undefined)
        throw new Error(`Expected one of the proxies ${[...proxies.keys()].join(', ')}, got ${name}`)
      return proxy
    },
    close: async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()))
    },
  }
}

/**
 * Starts a separate real Kafka with its own ports on 127.0.0.1 and its own data. Resolves when the broker has answered
 * a request.
 */
export const startKafka = async (options: KafkaOptions = {}): Promise<TestKafka> => {
  const folder = options.folder ?? (await makeTemporaryFolder('test'))
  const { ports, broker, zookeeper } = await startCluster(folder, options, launchWithTests)
  const { proxy, close } = await openProxies(ports.proxied)
  return {
    flavour: options.flavour ?? defaultFlavour,
    bootstrap: `127.0.0.1:${ports.direct}`,
    port: ports.direct,
    folder,
    broker,
    zookeeper,
    proxy,
    listenerBehind: (name) => {
      const listener = ports.proxied.find((proxied) => proxied.name === name.toUpperCase())
      return `127.0.0.1:${listener?.port ?? 0}`
    },
    stop: async () => {
      await close()
      await broker.stop()
      await zookeeper?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
