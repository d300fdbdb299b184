import { join, relative } from 'node:path'
import { planKafkaCommand, planZookeeperCommand } from './broker/broker.js'
import { smallJvm, type JavaCommand } from './broker/java-command.js'
import type { Folders } from './folders.js'
import { isZookeeperGuarded, planSecureFolder } from './secure/credentials.js'
import { clientEnvironment } from './secure/prepare-access.js'
import { jaasOption } from './secure/zookeeper-access.js'
import type { StackSettings } from './stack-settings.js'

export const serviceKinds = ['producer', 'etl', 'reader', 'engine', 'console'] as const
export type ServiceKind = (typeof serviceKinds)[number]
export const flinkKinds = ['jobmanager', 'taskmanager'] as const
export type FlinkKind = (typeof flinkKinds)[number]
export type PartKind = 'zookeeper' | 'kafka' | 'registry' | FlinkKind | ServiceKind

/** One process of the local stack. */
export type Part = {
  /** Its kind, or `etl-1`, `etl-2` … if there may be several. */
  readonly name: string
  readonly kind: PartKind
  readonly command: string
  readonly args: readonly string[]
  readonly workingFolder: string
  /** Added to the environment of the process that starts the stack. */
  readonly environment: Readonly<Record<string, string>>
  /** 0: no port that anything connects to. */
  readonly port: number
  /** The setting that changes its port. */
  readonly portSetting: string
  /** True for a part that is done after exit code 0. */
  readonly hasEnd: boolean
}

/** Whether the start waits for this part; the console only shows the stack. */
export const isAwaited = (name: string): boolean => kindOf(name) !== 'console'

export const isService = (kind: PartKind): kind is ServiceKind => serviceKinds.some((service) => service === kind)

/** Flink takes part in the work of a pipeline, as the services do. */
export const isFlink = (kind: PartKind): kind is FlinkKind => flinkKinds.some((flink) => flink === kind)

/** `etl-2` → `etl`. */
export const kindOf = (name: string): string => name.replace(/-\d+$/, '')

const zookeeperJvm = smallJvm(128)
const kafkaJvm = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']

/** ZooKeeper and Kafka, from their jars. */
export const planBroker = (folders: Folders, settings: StackSettings): readonly Part[] => {
  const site = { folder: folders.data, jars: folders.jars }
  const jaas = isZookeeperGuarded(folders.secure, settings) ? planJaasOptions(folders) : { server: [], client: [] }
  return [
    {
      ...javaPart('zookeeper', planZookeeperCommand(site, [...zookeeperJvm, ...jaas.server])),
      port: settings.zookeeperPort,
      portSetting: 'ZOOKEEPER_PORT',
    },
    {
      ...javaPart('kafka', planKafkaCommand(site, [...kafkaJvm, ...jaas.client])),
      port: settings.kafkaPort,
      portSetting: 'KAFKA_PORT',
    },
  ]
}

const planJaasOptions = ({ data, secure }: Folders): { readonly server: string[]; readonly client: string[] } => {
  const { zookeeperServerFile, zookeeperClientFile } = planSecureFolder(relative(data, secure))
  return { server: [jaasOption(zookeeperServerFile)], client: [jaasOption(zookeeperClientFile)] }
}

const javaPart = (
  kind: 'zookeeper' | 'kafka',
  { command, args, cwd, environment }: JavaCommand,
): Omit<Part, 'port' | 'portSetting'> => ({
  name: kind,
  kind,
  command,
  args,
  workingFolder: cwd,
  environment,
  hasEnd: false,
})

export type PlannedServices = {
  /** One port for each ETL instance. */
  readonly etlPorts: readonly number[]
  readonly pipeline: string
  /** The services' settings for the stack's Schema Registry, if it has one and the user names no other. */
  readonly registry?: Readonly<Record<string, string>> | undefined
  /** Whether the stack includes Flink. */
  readonly hasEngine?: boolean
}

/** The services of a pipeline, as processes. */
export const planServices = (
  node: string,
  folders: Folders,
  settings: StackSettings,
  { etlPorts, pipeline, registry, hasEngine = false }: PlannedServices,
): readonly Part[] => {
  const plan = (kind: Exclude<ServiceKind, 'engine'>, name: string, port: number, portSetting: string): Part => ({
    name,
    kind,
    command: node,
    args: [join(folders.root, `${kind}-src`, 'dist', 'main.js')],
    workingFolder: folders.root,
    environment: {
      KAFKA_BROKERS: `localhost:${settings.kafkaPort}`,
      HTTP_PORT: String(port),
      PIPELINE: pipeline,
      ...registry,
      ...(settings.secure ? clientEnvironment(planSecureFolder(folders.secure), kind) : {}),
      ...(kind === 'reader' ? { RESULTS_DIR: folders.results } : {}),
      ...(kind === 'console' ? { CONSOLE_SERVICES: listAddresses(settings, etlPorts) } : {}),
      ...(kind === 'console' && hasEngine ? { CONSOLE_ENGINE_URL: `http://127.0.0.1:${settings.enginePort}` } : {}),
      // After a crash, the restarted instance is the same member of its group at once.
      ...(kind === 'etl' ? { ETL_INSTANCE: name } : {}),
    },
    port,
    portSetting,
    hasEnd: kind === 'producer',
  })
  return [
    plan('reader', 'reader', settings.readerHttpPort, 'READER_HTTP_PORT'),
    ...etlPorts.map((port, index) => plan('etl', `etl-${index + 1}`, port, 'ETL_HTTP_PORT')),
    plan('producer', 'producer', settings.producerHttpPort, 'PRODUCER_HTTP_PORT'),
    ...(settings.console ? [plan('console', 'console', settings.consoleHttpPort, 'CONSOLE_HTTP_PORT')] : []),
  ]
}

/** The addresses of the other services, for the console. */
const listAddresses = (settings: StackSettings, etlPorts: readonly number[]): string =>
  [
    ['producer', settings.producerHttpPort] as const,
    ...etlPorts.map((port, index) => [`etl-${index + 1}`, port] as const),
    ['reader', settings.readerHttpPort] as const,
  ]
    .map(([name, port]) => `${name}=http://127.0.0.1:${port}`)
    .join()

/**
 * A port for each ETL instance: the first gets ETL_HTTP_PORT, the others get the next ports that are usable
 * (`isUsable`) and not taken by another part.
 */
export const planEtlPorts = async (
  settings: StackSettings,
  isUsable: (name: string, port: number) => Promise<boolean>,
): Promise<readonly number[]> => {
  const taken = new Set([
    settings.kafkaPort,
    settings.zookeeperPort,
    settings.producerHttpPort,
    settings.readerHttpPort,
    settings.enginePort,
    settings.registryPort,
    settings.engineHttpPort,
    settings.etlHttpPort,
    ...(settings.console ? [settings.consoleHttpPort] : []),
  ])
  const ports = [settings.etlHttpPort]
  for (let port = settings.etlHttpPort + 1; ports.length < settings.etlInstances && port <= 65_535; port += 1) {
    if (!taken.has(port) && (await isUsable(`etl-${ports.length + 1}`, port))) ports.push(port)
  }
  return ports
}
