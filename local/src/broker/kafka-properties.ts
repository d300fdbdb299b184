import { formatProperties, type Properties } from './properties.js'

/**
 * Where the cluster's metadata is: in ZooKeeper up to Kafka 3.9, or in the broker itself (KRaft), at a port of
 * 127.0.0.1.
 */
export type Metadata = { readonly kind: 'zookeeper' | 'kraft'; readonly port: number }

/** A port of 127.0.0.1 for clients. */
export type Listener = {
  /** In capitals, as other properties name it. */
  readonly name: string
  readonly protocol: 'PLAINTEXT' | 'SASL_SSL'
  readonly port: number
  /** The address that the listener advertises to its clients; the default is 127.0.0.1 and its own port. */
  readonly advertised?: { readonly host?: string; readonly port?: number }
}

export type KafkaLayout = {
  readonly id: number
  readonly metadata: Metadata
  /** Relative to the broker's working folder: `log.dirs` is a list, which a comma in a path would split. */
  readonly dataDir: string
  /** The broker connects to itself through the first one. */
  readonly listeners: readonly [Listener, ...Listener[]]
  /** Overrides all other settings. */
  readonly settings?: Properties
}

/** Settings of every broker here: a single broker on one machine. */
const commonSettings: Properties = {
  'auto.create.topics.enable': false,
  // Otherwise the first join of a group waits 3 s.
  'group.initial.rebalance.delay.ms': 0,
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
}

/** The text of server.properties. */
export const formatKafkaProperties = ({ id, metadata, dataDir, listeners, settings }: KafkaLayout): string =>
  formatProperties({
    ...commonSettings,
    ...metadataSettings(id, metadata),
    ...listenerSettings(listeners, metadata),
    'log.dirs': dataDir,
    ...settings,
  })

const metadataSettings = (id: number, { kind, port }: Metadata): Properties => {
  switch (kind) {
    case 'zookeeper':
      return {
        'broker.id': id,
        'zookeeper.connect': `127.0.0.1:${port}`,
        'zookeeper.connection.timeout.ms': 30_000,
        // After a restart, a killed broker finds its old session expired: with the default of 18 s it would exit
        // (NodeExists).
        'zookeeper.session.timeout.ms': 6_000,
      }
    case 'kraft':
      return {
        'node.id': id,
        'process.roles': 'broker,controller',
        'controller.quorum.voters': `${id}@127.0.0.1:${port}`,
        'controller.listener.names': 'CONTROLLER',
        // The same for a killed KRaft broker: the default is 9 s.
        'broker.session.timeout.ms': 6_000,
        'broker.heartbeat.interval.ms': 1_000,
      }
  }
}

const listenerSettings = (listeners: KafkaLayout['listeners'], { kind, port }: Metadata): Properties => {
  const controller = kind === 'kraft' ? [{ name: 'CONTROLLER', protocol: 'PLAINTEXT', port }] : []
  const advertise = ({ name, port: own, advertised }: Listener): string =>
    `${name}://${advertised?.host ?? '127.0.0.1'}:${advertised?.port ?? own}`
  return {
    listeners: [...listeners, ...controller].map((listener) => `${listener.name}://127.0.0.1:${listener.port}`).join(),
    'advertised.listeners': listeners.map(advertise).join(),
    'listener.security.protocol.map': [...listeners, ...controller]
      .map(({ name, protocol }) => `${name}:${protocol}`)
      .join(),
    'inter.broker.listener.name': listeners[0].name,
  }
}
