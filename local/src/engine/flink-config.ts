import { join } from 'node:path'

export type FlinkConfigOptions = {
  readonly restPort: number
  readonly zookeeperPort: number
  /** Isolates the jobs of different pipelines. */
  readonly pipeline: string
  /** The folder for the pipeline's checkpoints, savepoints and the JobManager's metadata. */
  readonly stateDir: string
  /** Relative to the working folder: a list of folders is split at colons and commas. */
  readonly temporaryDir: string
  /** Whether ZooKeeper requires a login. */
  readonly isZookeeperGuarded: boolean
}

/**
 * One configuration for JobManager, TaskManagers and SQL gateway, as YAML with one dotted key per line.
 * https://nightlies.apache.org/flink/flink-docs-release-2.3/docs/deployment/config/
 */
export const formatFlinkConfig = (options: FlinkConfigOptions): string =>
  Object.entries(flinkProperties(options))
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? JSON.stringify(value) : value}\n`)
    .join('')

const flinkProperties = ({
  restPort,
  zookeeperPort,
  pipeline,
  stateDir,
  temporaryDir,
  isZookeeperGuarded,
}: FlinkConfigOptions): Readonly<Record<string, string | number | boolean>> => ({
  'jobmanager.rpc.address': '127.0.0.1',
  'jobmanager.bind-host': '127.0.0.1',
  'rest.address': '127.0.0.1',
  'rest.bind-address': '127.0.0.1',
  'rest.port': restPort,
  'rest.bind-port': String(restPort),
  // Visitors of the page must not be able to run their own programs, or to end jobs with a click.
  'web.submit.enable': false,
  'web.cancel.enable': false,
  ...jobManagerMemory,
  // After a crash, a JobManager finds its jobs again in Kafka's ZooKeeper.
  'high-availability.type': 'zookeeper',
  'high-availability.zookeeper.quorum': `127.0.0.1:${zookeeperPort}`,
  'high-availability.zookeeper.path.root': '/flink',
  'high-availability.zookeeper.client.session-timeout': '6000 ms',
  'high-availability.zookeeper.client.connection-timeout': '6000 ms',
  // Only Flink may access its nodes.
  ...(isZookeeperGuarded ? { 'high-availability.zookeeper.client.acl': 'creator' } : {}),
  'high-availability.cluster-id': `/${pipeline}`,
  'high-availability.storageDir': `file://${join(stateDir, 'ha')}`,
  'taskmanager.host': '127.0.0.1',
  'taskmanager.bind-host': '127.0.0.1',
  'taskmanager.numberOfTaskSlots': 8,
  // Spreads a job over the TaskManagers instead of filling the first.
  'taskmanager.load-balance.mode': 'SLOTS',
  ...taskManagerMemory,
  'io.tmp.dirs': temporaryDir,
  // Flink's defaults of 10 s and 50 s would let a dead TaskManager go unnoticed for that long.
  'heartbeat.interval': '2 s',
  'heartbeat.timeout': '10 s',
  'restart-strategy.type': 'exponential-delay',
  'restart-strategy.exponential-delay.initial-backoff': '1 s',
  'restart-strategy.exponential-delay.max-backoff': '30 s',
  'restart-strategy.exponential-delay.reset-backoff-threshold': '2 min',
  'state.backend.type': 'rocksdb',
  'execution.checkpointing.interval': '5 s',
  'execution.checkpointing.mode': 'EXACTLY_ONCE',
  'execution.checkpointing.timeout': '2 min',
  'execution.checkpointing.min-pause': '1 s',
  'execution.checkpointing.incremental': true,
  'execution.checkpointing.num-retained': 3,
  // A job that was cancelled by hand continues from its last checkpoint.
  'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
  'execution.checkpointing.dir': `file://${join(stateDir, 'checkpoints')}`,
  'execution.checkpointing.savepoint-dir': `file://${join(stateDir, 'savepoints')}`,
})

const jobManagerMemory = {
  'jobmanager.memory.heap.size': '384m',
  'jobmanager.memory.off-heap.size': '64m',
  'jobmanager.memory.jvm-metaspace.size': '256m',
  'jobmanager.memory.jvm-overhead.min': '64m',
  'jobmanager.memory.jvm-overhead.max': '64m',
}

// All of these are required if TaskManagerRunner is started without Flink's shell scripts.
const taskManagerMemory = {
  'taskmanager.cpu.cores': 2,
  'taskmanager.memory.framework.heap.size': '128m',
  'taskmanager.memory.framework.off-heap.size': '128m',
  'taskmanager.memory.task.heap.size': '512m',
  'taskmanager.memory.task.off-heap.size': '0m',
  'taskmanager.memory.managed.size': '128m',
  'taskmanager.memory.network.min': '96m',
  'taskmanager.memory.network.max': '96m',
  'taskmanager.memory.jvm-metaspace.size': '256m',
  'taskmanager.memory.jvm-overhead.min': '64m',
  'taskmanager.memory.jvm-overhead.max': '64m',
}

const quietLoggers = {
  kafka: 'org.apache.flink.kafka.shaded',
  pekko: 'org.apache.pekko',
  zookeeper: 'org.apache.flink.shaded.zookeeper3',
  curator: 'org.apache.flink.shaded.curator5',
}

/** Log4j 2: https://logging.apache.org/log4j/2.x/manual/configuration.html */
export const formatFlinkLog4j = (level: 'INFO' | 'WARN'): string =>
  [
    `rootLogger.level = ${level}`,
    'rootLogger.appenderRef.console.ref = console',
    'appender.console.name = console',
    'appender.console.type = CONSOLE',
    'appender.console.layout.type = PatternLayout',
    'appender.console.layout.pattern = [%d] %p %m (%c{1})%n',
    ...Object.entries(quietLoggers).flatMap(([key, name]) => [
      `logger.${key}.name = ${name}`,
      `logger.${key}.level = WARN`,
    ]),
    '',
  ].join('\n')
