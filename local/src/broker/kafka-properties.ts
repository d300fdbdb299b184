import { formatProperties, type Properties } from './properties.js'

/** What keeps the cluster's metadata: ZooKeeper up to Kafka 3.9, or the broker itself (KRaft), by a port of 127.0.0.1. */
export type Metadata = { readonly kind: 'zookeeper' | 'kraft'; readonly port: number }

/** A port of 127.0.0.1 that clients come in by. */
export type Listener = {
  /** In capitals, as other properties name it. */
  readonly name: string
  readonly protocol: 'PLAINTEXT' | 'SASL_SSL'
  readonly port: number
  /** Where clients that came in by it are sent; 127.0.0.1 and its own port unless told otherwise. */
  readonly advertised?: { readonly host?: string; readonly port?: number }
}

export type KafkaLayout = {
  readonly id: number
  readonly metadata: Metadata
  /** Relative to the broker's working folder: `log.dirs` is a list, in which a comma of a path would be a separator. */
  readonly dataDir: string
  /** The broker talks to itself by the first. */
  readonly listeners: readonly [Listener, ...Listener[]]
  /** Over all others. */
  readonly settings?: Properties
}

/** Settings of every broker here: single and on one machine. */
const commonSettings: Properties = {
  'auto.create.topics.enable': false,
  // Else the first join of a group waits 3 s.
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
        // A killed broker finds its old session gone when it is back: with the 18 s of default it would exit (NodeExists).
        'zookeeper.session.timeout.ms': 6_000,
      }
    case 'kraft':
      return {
        'node.id': id,
        'process.roles': 'broker,controller',
        'controller.quorum.voters': `${id}@127.0.0.1:${port}`,
        'controller.listener.names': 'CONTROLLER',
        // The same for a killed broker of KRaft: 9 s by default.
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
