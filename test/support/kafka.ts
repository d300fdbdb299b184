import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { answersAsBroker, answersOnPort } from './answers.js'
import type { BrokerClock } from './broker-clock.js'
import { startFaultProxy, type FaultProxy } from './fault-proxy.js'
import { findFreePorts } from './free-ports.js'
import { flavours, resolveJars, type Flavour } from './jars.js'
import { formatBrokerProperties, formatZookeeperProperties, type BrokerLayout } from './kafka-properties.js'
import { repositoryRoot } from './repository.js'
import { startServer, type Server } from './server.js'

const run = promisify(execFile)

export type KafkaOptions = {
  /** That of `TEST_KAFKA` unless told otherwise. */
  readonly flavour?: Flavour
  /** A fault proxy for each name; clients given `proxy(name).bootstrap` reach the broker through it only. */
  readonly proxies?: readonly string[]
  /** Broker properties over the harness's own. */
  readonly settings?: Readonly<Record<string, string>>
  /** Heap of the broker in MB: 256. */
  readonly heapMb?: number
  /** Where the data lies; removed by `stop`. A fresh temporary folder unless told otherwise. */
  readonly folder?: string
  /** Runs when ZooKeeper answers and before the broker starts. */
  readonly beforeBroker?: (cluster: { readonly zookeeper: string; readonly jars: string }) => Promise<void>
  /** The broker's wall clock: the machine's unless told otherwise. */
  readonly clock?: BrokerClock
  /** Whether the broker answers; by default a client without TLS asks. */
  readonly answers?: (bootstrap: string) => Promise<boolean>
}

export type TestKafka = {
  readonly flavour: Flavour
  /** The direct listener, past every proxy. */
  readonly bootstrap: string
  readonly port: number
  readonly folder: string
  readonly broker: Server
  /** Only with flavour 3.9. */
  readonly zookeeper: Server | undefined
  readonly proxy: (name: string) => FaultProxy
  /** The listener behind a proxy, past it. */
  readonly listenerBehind: (name: string) => string
  readonly stop: () => Promise<void>
}

/** Kafka of the release that `TEST_KAFKA` names: 3.9 with ZooKeeper unless told otherwise, or 4.1 with KRaft. */
const defaultFlavour = flavours.find((known) => known === process.env.TEST_KAFKA) ?? '3.9'

const javaOptions = (heapMb: number): string[] => [
  `-Xmx${heapMb}m`,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  `-Dlog4j.configuration=file:${join(repositoryRoot, 'test', 'support', 'log4j.properties')}`,
]

const startZookeeper = async (layout: BrokerLayout, jars: string): Promise<Server> => {
  const file = join(layout.folder, 'zookeeper.properties')
  await writeFile(file, formatZookeeperProperties(layout))
  return startServer({
    name: 'ZooKeeper',
    command: 'java',
    args: [...javaOptions(128), '-cp', `${jars}/*`, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', file],
    logFile: join(layout.folder, 'zookeeper.log'),
    isReady: () => answersOnPort(layout.metadataPort),
    deadlineMs: 60_000,
  })
}

const startBroker = async (
  layout: BrokerLayout,
  jars: string,
  { heapMb = 256, answers = answersAsBroker, clock }: KafkaOptions,
): Promise<Server> => {
  const file = join(layout.folder, 'server.properties')
  await writeFile(file, formatBrokerProperties(layout))
  if (layout.flavour === '4.1') {
    const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', 'dGVzdC1vZi1rYWZrYWV0bA', '--config', file]
    await run('java', [...javaOptions(128), '-cp', `${jars}/*`, ...format, '--ignore-formatted'])
  }
  const clockOptions = clock === undefined ? [] : [clock.javaOption]
  const classPath = clock === undefined ? `${jars}/*` : `${await clock.classes(jars)}:${jars}/*`
  return startServer({
    name: `Kafka ${layout.flavour}`,
    command: 'java',
    args: [...javaOptions(heapMb), ...clockOptions, '-cp', classPath, 'kafka.Kafka', file],
    logFile: join(layout.folder, 'broker.log'),
    isReady: () => answers(`127.0.0.1:${layout.port}`),
    deadlineMs: 90_000,
  })
}

const layOut = async (options: KafkaOptions, folder: string): Promise<BrokerLayout> => {
  const names = options.proxies ?? []
  const [port = 0, metadataPort = 0, ...listenerPorts] = await findFreePorts(2 + 2 * names.length)
  const proxied = names.map((name, index) => ({
    name: name.toUpperCase(),
    port: listenerPorts[2 * index] ?? 0,
    advertisedPort: listenerPorts[2 * index + 1] ?? 0,
  }))
  return {
    flavour: options.flavour ?? defaultFlavour,
    folder,
    port,
    metadataPort,
    proxied,
    settings: options.settings ?? {},
  }
}

/** Starts a real Kafka of its own: own ports on 127.0.0.1, own data. Resolves when the broker has answered a request. */
export const startKafka = async (options: KafkaOptions = {}): Promise<TestKafka> => {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'kafka-etl-test-')))
  await mkdir(join(folder, 'zookeeper'), { recursive: true })
  const layout = await layOut(options, folder)
  const jars = await resolveJars(layout.flavour)
  const zookeeper = layout.flavour === '3.9' ? await startZookeeper(layout, jars) : undefined
  await options.beforeBroker?.({ zookeeper: `127.0.0.1:${layout.metadataPort}`, jars })
  const broker = await startBroker(layout, jars, options)
  const proxies = new Map<string, FaultProxy>()
  for (const { name, port, advertisedPort } of layout.proxied) {
    proxies.set(name, await startFaultProxy({ port: advertisedPort, targetPort: port }))
  }
  return {
    flavour: layout.flavour,
    bootstrap: `127.0.0.1:${layout.port}`,
    port: layout.port,
    folder,
    broker,
    zookeeper,
    proxy: (name) => {
      const proxy = proxies.get(name.toUpperCase())
      if (proxy === undefined)
        throw new Error(`Expected one of the proxies ${[...proxies.keys()].join(', ')}, got ${name}`)
      return proxy
    },
    listenerBehind: (name) => {
      const listener = layout.proxied.find((proxied) => proxied.name === name.toUpperCase())
      return `127.0.0.1:${listener?.port ?? 0}`
    },
    stop: async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()))
      await broker.stop()
      await zookeeper?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
