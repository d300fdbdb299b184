import { relative } from 'node:path'
import type { JavaCommand } from '../broker/java-command.js'
import { jaasOption } from '../secure/zookeeper-access.js'
import { planFlinkFolders } from './flink-jars.js'

export type FlinkSite = {
  /** The working folder. Paths of the class path are relative to it, since the class path is split at colons. */
  readonly folder: string
  readonly jars: string
  readonly config: string
  /** The JAAS file with which Flink logs in to ZooKeeper, if ZooKeeper requires it. */
  readonly zookeeperJaas?: string | undefined
}

/** Java packages that Flink needs opened: the list of its own bin/config.sh and conf/config.yaml. */
const openedPackages = [
  'java.net',
  'java.lang',
  'java.lang.reflect',
  'java.text',
  'java.time',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'java.util.concurrent.locks',
  'java.io',
  'java.nio',
  'sun.nio.ch',
]

const accessOptions = [
  ...openedPackages.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
  '--add-exports=java.management/sun.management=ALL-UNNAMED',
]

type FlinkProgram = {
  readonly jvm: readonly string[]
  readonly log4jFile: 'log4j.properties' | 'gateway-log4j.properties'
  readonly hasPlanner: boolean
  readonly mainClass: string
  readonly args: readonly string[]
}

const planFlinkCommand = ({ folder, jars, config, zookeeperJaas }: FlinkSite, program: FlinkProgram): JavaCommand => {
  const { distribution, connectors } = planFlinkFolders(jars)
  const classPath = [
    `${distribution}/lib/*`,
    `${connectors}/*`,
    ...(program.hasPlanner ? [`${distribution}/opt/*`] : []),
  ]
  return {
    command: 'java',
    args: [
      ...program.jvm,
      '-XX:MaxMetaspaceSize=256m',
      '-XX:+ExitOnOutOfMemoryError',
      '-Djava.awt.headless=true',
      `-Dlog4j2.configurationFile=${relative(folder, config)}/${program.log4jFile}`,
      // Java ignores it. In `ps` it shows to which stack this process belongs.
      `-Dkafka-etl.folder=${folder}`,
      ...(zookeeperJaas === undefined ? [] : [jaasOption(relative(folder, zookeeperJaas))]),
      ...accessOptions,
      '-cp',
      classPath.map((path) => relative(folder, path)).join(':'),
      program.mainClass,
      ...program.args,
    ],
    cwd: folder,
    // Each malloc arena would keep the most that a thread of RocksDB or Netty has ever used.
    environment: { LC_ALL: 'C.UTF-8', FLINK_CONF_DIR: config, MALLOC_ARENA_MAX: '2' },
  }
}

export const planJobManagerCommand = (site: FlinkSite): JavaCommand =>
  planFlinkCommand(site, {
    jvm: ['-Xmx384m', '-XX:+UseSerialGC'],
    log4jFile: 'log4j.properties',
    hasPlanner: false,
    mainClass: 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
    args: ['--configDir', relative(site.folder, site.config), '--executionMode', 'cluster'],
  })

/** `name` is the JobManager's name for it: a restarted TaskManager replaces the previous one at once. */
export const planTaskManagerCommand = (site: FlinkSite, name: string): JavaCommand =>
  planFlinkCommand(site, {
    jvm: ['-Xmx640m', '-XX:+UseG1GC', '-XX:MaxDirectMemorySize=224m'],
    log4jFile: 'log4j.properties',
    hasPlanner: false,
    mainClass: 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner',
    args: ['--configDir', relative(site.folder, site.config), '-D', `taskmanager.resource-id=${name}`],
  })

/** For ENGINE_GATEWAY_COMMAND: a list of words that starts the SQL gateway from any folder. */
export const planGatewayCommand = (site: FlinkSite): readonly string[] => {
  const { command, args } = planFlinkCommand(site, {
    jvm: ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    log4jFile: 'gateway-log4j.properties',
    hasPlanner: true,
    mainClass: 'org.apache.flink.table.gateway.SqlGateway',
    args: [
      '-Dsql-gateway.endpoint.rest.address=127.0.0.1',
      '-Dsql-gateway.endpoint.rest.bind-address=127.0.0.1',
      '-Dsql-gateway.endpoint.rest.port={port}',
      '-Dsql-gateway.endpoint.rest.bind-port={port}',
    ],
  })
  return ['sh', '-c', 'cd "$0" && exec "$@"', site.folder, command, ...args]
}
