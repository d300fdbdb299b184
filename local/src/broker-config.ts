import { secureBrokerProperties, type SecureBrokerFiles } from './secure/broker-properties.js'

/** Lines of a Java properties file. */
const properties = (entries: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(entries)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('')

export const formatZookeeperProperties = ({ dataDir, port }: { dataDir: string; port: number }): string =>
  properties({
    dataDir: `${dataDir}/data`,
    dataLogDir: `${dataDir}/log`,
    clientPortAddress: '127.0.0.1',
    clientPort: port,
    'admin.enableServer': false,
  })

/**
 * The broker of docker-compose.yml, bound to 127.0.0.1. Retention is Kafka's own (7 days): results.csv is the lasting
 * copy, the topics are the way to it.
 */
export const formatKafkaProperties = (options: {
  dataDir: string
  port: number
  zookeeperPort: number
  /** With these it asks for TLS, a user and ACLs. */
  secure?: SecureBrokerFiles | undefined
}): string => {
  const protocol = options.secure ? 'SASL_SSL' : 'PLAINTEXT'
  return properties({
    'broker.id': 1,
    listeners: `${protocol}://127.0.0.1:${options.port}`,
    'advertised.listeners': `${protocol}://localhost:${options.port}`,
    'zookeeper.connect': `127.0.0.1:${options.zookeeperPort}`,
    'zookeeper.connection.timeout.ms': 30_000,
    // A killed broker finds its old session gone when it is back: with the 18 s of default it would exit (NodeExists).
    'zookeeper.session.timeout.ms': 6_000,
    'log.dirs': options.dataDir,
    'auto.create.topics.enable': false,
    // Else the first join of a group waits 3 s.
    'group.initial.rebalance.delay.ms': 0,
    // One broker holds one replica; few partitions of its own topics start fast.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 10,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 10,
    ...(options.secure
      ? { 'security.inter.broker.protocol': protocol, ...secureBrokerProperties(options.secure, [protocol]) }
      : {}),
  })
}

/** To standard output, which goes to the part's log file; what fills pages at every start is left out. */
export const formatLog4jProperties = (): string =>
  properties({
    'log4j.rootLogger': 'INFO, stdout',
    'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
    'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.stdout.layout.ConversionPattern': '[%d] %p %m (%c)%n',
    'log4j.logger.kafka.server.KafkaConfig': 'WARN',
    'log4j.logger.org.apache.kafka.common.config.AbstractConfig': 'WARN',
    'log4j.logger.org.apache.zookeeper.server': 'WARN',
    'log4j.logger.org.apache.zookeeper.ZooKeeper': 'WARN',
  })
