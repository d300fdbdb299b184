import type { Flavour } from './jars.js'

/** A listener beside the direct one: clients that come in through it are told to go to `advertisedPort`, that of a proxy. */
export type ProxiedListener = { readonly name: string; readonly port: number; readonly advertisedPort: number }

export type BrokerLayout = {
  readonly flavour: Flavour
  readonly folder: string
  readonly port: number
  /** ZooKeeper's port in 3.9, the controller's in 4.1. */
  readonly metadataPort: number
  readonly proxied: readonly ProxiedListener[]
  readonly settings: Readonly<Record<string, string>>
}

const formatProperties = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('')

const commonProperties = {
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'num.network.threads': '2',
  'num.io.threads': '4',
  'log.cleaner.enable': 'false',
  'controlled.shutdown.enable': 'false',
  'log.flush.scheduler.interval.ms': '9223372036854775807',
}

const metadataProperties = ({ flavour, metadataPort }: BrokerLayout): Record<string, string> => {
  switch (flavour) {
    case '3.9':
      return {
        'broker.id': '0',
        'zookeeper.connect': `127.0.0.1:${metadataPort}`,
        // A broker that was killed registers again only when its old session has ended: 18 s by default.
        'zookeeper.session.timeout.ms': '6000',
        'zookeeper.connection.timeout.ms': '18000',
      }
    case '4.1':
      return {
        'node.id': '0',
        'process.roles': 'broker,controller',
        'controller.quorum.voters': `0@127.0.0.1:${metadataPort}`,
        'controller.listener.names': 'CONTROLLER',
        // The same for a killed broker of KRaft: 9 s by default.
        'broker.session.timeout.ms': '6000',
        'broker.heartbeat.interval.ms': '1000',
      }
  }
}

/** server.properties of the only broker: the listener DIRECT, and one for each proxy. */
export const formatBrokerProperties = (layout: BrokerLayout): string => {
  const names = ['DIRECT', ...layout.proxied.map(({ name }) => name)]
  const listeners = [
    `DIRECT://127.0.0.1:${layout.port}`,
    ...layout.proxied.map(({ name, port }) => `${name}://127.0.0.1:${port}`),
  ]
  const advertised = [
    `DIRECT://127.0.0.1:${layout.port}`,
    ...layout.proxied.map(({ name, advertisedPort }) => `${name}://127.0.0.1:${advertisedPort}`),
  ]
  const controller = layout.flavour === '4.1'
  return formatProperties({
    ...commonProperties,
    ...metadataProperties(layout),
    'log.dirs': `${layout.folder}/kafka`,
    listeners: [...listeners, ...(controller ? [`CONTROLLER://127.0.0.1:${layout.metadataPort}`] : [])].join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': [...names, ...(controller ? ['CONTROLLER'] : [])]
      .map((name) => `${name}:PLAINTEXT`)
      .join(','),
    'inter.broker.listener.name': 'DIRECT',
    ...layout.settings,
  })
}

/** zookeeper.properties */
export const formatZookeeperProperties = ({ folder, metadataPort }: BrokerLayout): string =>
  formatProperties({
    dataDir: `${folder}/zookeeper`,
    clientPort: String(metadataPort),
    clientPortAddress: '127.0.0.1',
    'admin.enableServer': 'false',
    tickTime: '2000',
    maxClientCnxns: '0',
  })
