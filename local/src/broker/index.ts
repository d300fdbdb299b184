/** Kafka and ZooKeeper from their jars: for the stack without Docker, the tests and the benchmarks. */
export {
  planKafkaCommand,
  planZookeeperCommand,
  startKafka,
  startZookeeper,
  type BrokerSite,
  type KafkaOptions,
  type ZookeeperOptions,
} from './broker.js'
export {
  startLoggedChild,
  startPipedChild,
  type Child,
  type ChildOptions,
  type Exit,
  type PipedChild,
} from './child.js'
export { ensureJars, withLock, type JarsOptions } from './jars.js'
export { planJavaCommand, smallJvm, type JavaCommand, type JavaProgram } from './java-command.js'
export { formatKafkaProperties, type KafkaLayout, type Listener, type Metadata } from './kafka-properties.js'
export { findFreePort, findFreePorts } from './ports.js'
export { probeKafka, probeZookeeper, type Probe } from './probe.js'
export { formatProperties, type Properties } from './properties.js'
export { planStackKafka } from './stack-layout.js'
export { startServer, type LoggedChildOptions, type Server, type ServerOptions } from './server.js'
export { formatZookeeperProperties, type ZookeeperLayout } from './zookeeper-properties.js'
