import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { planJavaCommand, smallJvm, type JavaCommand } from './java-command.js'
import { formatKafkaProperties, type KafkaLayout } from './kafka-properties.js'
import { formatLog4jProperties } from './log4j-properties.js'
import { probeKafka, probeZookeeper } from './probe.js'
import type { Properties } from './properties.js'
import { startServer, type Server, type ServerOptions } from './server.js'
import { formatZookeeperProperties } from './zookeeper-properties.js'

const run = promisify(execFile)

/** The folder of ZooKeeper and Kafka: `config/`, `log/` and their data, all created if missing. */
export type BrokerSite = {
  readonly folder: string
  readonly jars: string
  /** Starts a process; see {@link ServerOptions}. */
  readonly launch?: ServerOptions['launch']
}

export type ZookeeperOptions = BrokerSite & {
  readonly port: number
  readonly settings?: Properties
  /** JVM options; the default is a small heap and a fast start. */
  readonly jvm?: readonly string[]
}

export type KafkaOptions = BrokerSite &
  Omit<KafkaLayout, 'dataDir'> & {
    /** JVM options; the default is a small heap and a fast start. */
    readonly jvm?: readonly string[]
    /** Folders of classes that precede the jars. */
    readonly classes?: readonly string[]
    /** Whether it serves requests; by default this sends ApiVersions to the first listener, without TLS. */
    readonly isReady?: () => Promise<boolean>
  }

const zookeeperStartMs = 60_000
const kafkaStartMs = 120_000

/** ZooKeeper's command line; its configuration is `config/zookeeper.properties` in the folder. */
export const planZookeeperCommand = (
  { folder, jars }: Pick<BrokerSite, 'folder' | 'jars'>,
  jvm: readonly string[] = smallJvm(128),
): JavaCommand =>
  planJavaCommand({
    folder,
    jars,
    options: jvm,
    log4jFile: 'config/log4j.properties',
    mainClass: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
    args: ['config/zookeeper.properties'],
  })

/** Kafka's command line; its configuration is `config/kafka.properties` in the folder. */
export const planKafkaCommand = (
  { folder, jars, classes }: Pick<KafkaOptions, 'folder' | 'jars' | 'classes'>,
  jvm: readonly string[] = smallJvm(256),
): JavaCommand =>
  planJavaCommand({
    folder,
    jars,
    ...(classes === undefined ? {} : { classes }),
    options: jvm,
    log4jFile: 'config/log4j.properties',
    mainClass: 'kafka.Kafka',
    args: ['config/kafka.properties'],
  })

/** Starts ZooKeeper on a port of 127.0.0.1; resolves when it serves requests. */
export const startZookeeper = async ({ port, settings, jvm, ...site }: ZookeeperOptions): Promise<Server> => {
  const properties = formatZookeeperProperties({ dataDir: 'zookeeper', port, ...(settings && { settings }) })
  await writeConfiguration(site.folder, { 'zookeeper.properties': properties })
  return startServer({
    name: 'ZooKeeper',
    ...planZookeeperCommand(site, jvm),
    ...serverOptions(site, 'zookeeper'),
    isReady: async () => (await probeZookeeper(port)).ok,
    deadlineMs: zookeeperStartMs,
  })
}

/**
 * Starts a broker; resolves when it serves requests. A KRaft broker is its own controller, and formats its folder
 * first.
 */
export const startKafka = async (options: KafkaOptions): Promise<Server> => {
  const { folder, listeners, metadata, jvm } = options
  await writeConfiguration(folder, { 'kafka.properties': formatKafkaProperties({ ...options, dataDir: 'kafka' }) })
  if (metadata.kind === 'kraft') await formatStorage(options)
  return startServer({
    name: `Kafka ${options.id}`,
    ...planKafkaCommand(options, jvm),
    ...serverOptions(options, 'kafka'),
    isReady: options.isReady ?? (async () => (await probeKafka(listeners[0].port)).ok),
    deadlineMs: kafkaStartMs,
  })
}

const serverOptions = ({ folder, launch }: BrokerSite, name: string) => ({
  logFile: join(folder, 'log', `${name}.log`),
  ...(launch === undefined ? {} : { launch }),
})

const writeConfiguration = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  await mkdir(join(folder, 'log'), { recursive: true })
  await mkdir(join(folder, 'config'), { recursive: true })
  for (const [name, text] of Object.entries({ ...files, 'log4j.properties': formatLog4jProperties() })) {
    await writeFile(join(folder, 'config', name), text)
  }
}

const formatStorage = async ({ folder, jars }: BrokerSite): Promise<void> => {
  const { command, args, cwd, environment } = planJavaCommand({
    folder,
    jars,
    options: smallJvm(128),
    mainClass: 'kafka.tools.StorageTool',
    args: ['format', '--cluster-id', clusterId, '--config', 'config/kafka.properties', '--ignore-formatted'],
  })
  await run(command, [...args], { cwd, env: { ...process.env, ...environment } })
}

/** A UUID in Kafka's format. It is constant, since there are never two clusters here. */
const clusterId = 'dGVzdC1vZi1rYWZrYWV0bA'
