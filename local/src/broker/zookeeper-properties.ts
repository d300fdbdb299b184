import { formatProperties, type Properties } from './properties.js'

export type ZookeeperLayout = {
  /** Relative to ZooKeeper's working folder. */
  readonly dataDir: string
  /** A port of 127.0.0.1. */
  readonly port: number
  /** Overrides all other settings. */
  readonly settings?: Properties
}

/** The text of zookeeper.properties. */
export const formatZookeeperProperties = ({ dataDir, port, settings }: ZookeeperLayout): string =>
  formatProperties({
    dataDir: `${dataDir}/data`,
    dataLogDir: `${dataDir}/log`,
    clientPortAddress: '127.0.0.1',
    clientPort: port,
    'admin.enableServer': false,
    // A session lasts at least two ticks, and Kafka's must last 6 s.
    tickTime: 2_000,
    ...settings,
  })
