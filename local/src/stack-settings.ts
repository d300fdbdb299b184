import {
  guardedNames,
  guardedPrefixes,
  loadSettings,
  parsers,
  type Environment,
  type Parsed,
  type Setting,
  type SettingsOf,
} from '@kafka-etl/common'

const setting = <T>(name: string, parse: Setting<T>['parse'], defaultText: string, doc: string): Setting<T> => ({
  name,
  parse,
  default: defaultText,
  doc,
})

/** `SECURE=1` on the command line of make, as well as `true`. */
const onOrOff = (text: string): Parsed<boolean> => {
  if (text === '1' || text === 'true') return { ok: true, value: true }
  if (text === '0' || text === 'false') return { ok: true, value: false }
  return { ok: false, expected: '1 or 0' }
}

const port = parsers.integer({ min: 1, max: 65_535 })

/** What `make` can be told of the stack as a whole; the services' own settings pass through untouched. */
export const stackSettings = {
  runtime: setting(
    'RUNTIME',
    parsers.oneOf(['auto', 'docker', 'local']),
    'auto',
    'docker, local, or auto: docker where an engine answers, else local',
  ),
  kafkaPort: setting('KAFKA_PORT', port, '29092', 'port of Kafka on 127.0.0.1'),
  zookeeperPort: setting('ZOOKEEPER_PORT', port, '22181', 'port of ZooKeeper on 127.0.0.1; local runtime only'),
  producerHttpPort: setting('PRODUCER_HTTP_PORT', port, '9464', "port of the producer's /live, /ready and /metrics"),
  etlHttpPort: setting('ETL_HTTP_PORT', port, '9465', 'port of the first ETL instance; the others take the next free'),
  readerHttpPort: setting('READER_HTTP_PORT', port, '9466', "port of the reader's /live, /ready and /metrics"),
  dataDir: setting('DATA_DIR', parsers.text, '.data', "folder of the local runtime: jars, the broker's data, logs"),
  secure: setting(
    'SECURE',
    onOrOff,
    '0',
    '1: the broker asks for TLS, a user and ACLs; certificates and passwords are made in DATA_DIR/secure',
  ),
  monitoring: setting(
    'MONITORING',
    onOrOff,
    '0',
    '1: Prometheus and Grafana with a dashboard, beside the services; docker runtime only',
  ),
  browser: setting(
    'BROWSER',
    onOrOff,
    '0',
    '1: a read-only browser of the topics; docker runtime only, and not with SECURE',
  ),
  prometheusPort: setting('PROMETHEUS_PORT', port, '9090', 'port of Prometheus on 127.0.0.1'),
  grafanaPort: setting('GRAFANA_PORT', port, '3000', 'port of Grafana on 127.0.0.1'),
  browserPort: setting('BROWSER_PORT', port, '8080', 'port of the topic browser on 127.0.0.1'),
  resultsDir: setting('RESULTS_DIR', parsers.text, 'results', 'folder of results.csv'),
  etlInstances: setting('ETL', parsers.integer({ min: 1, max: 32 }), '1', 'number of ETL instances'),
  upSeconds: setting(
    'UP_SECONDS',
    parsers.integer({ min: 1, max: 86_400 }),
    '120',
    'how long `make up` waits for a healthy stack and first rows',
  ),
  service: setting('SERVICE', parsers.text, '', 'the part whose logs `make logs` follows; empty: all'),
}

export type StackSettings = SettingsOf<typeof stackSettings>

/** Reads the stack's settings; a misspelt `ETL_…`, `PRODUCER_…` or `READER_…` is named here, before anything starts. */
export const loadStackSettings = (environment: Environment): ReturnType<typeof loadSettings<typeof stackSettings>> => {
  const loaded = loadSettings(stackSettings, environment, { prefixes: guardedPrefixes, knownNames: guardedNames })
  if (!loaded.ok) return loaded
  const faults = [...findSharedPorts(loaded.settings), ...findContradictions(loaded.settings)]
  return faults.length > 0 ? { ok: false, faults } : loaded
}

const findContradictions = ({ secure, browser }: StackSettings): string[] =>
  secure && browser ? ['BROWSER: expected 0 with SECURE, since the topic browser has no user of its own, got 1'] : []

const findSharedPorts = (settings: StackSettings): string[] => {
  const ports = [
    ['KAFKA_PORT', settings.kafkaPort],
    ['ZOOKEEPER_PORT', settings.zookeeperPort],
    ['PRODUCER_HTTP_PORT', settings.producerHttpPort],
    ['ETL_HTTP_PORT', settings.etlHttpPort],
    ['READER_HTTP_PORT', settings.readerHttpPort],
    ...(settings.monitoring
      ? [['PROMETHEUS_PORT', settings.prometheusPort] as const, ['GRAFANA_PORT', settings.grafanaPort] as const]
      : []),
    ...(settings.browser ? [['BROWSER_PORT', settings.browserPort] as const] : []),
  ] as const
  return ports.flatMap(([name, number], index) => {
    const earlier = ports.slice(0, index).find(([, other]) => other === number)
    return earlier ? [`${name}: expected a port of its own, got ${number}, which is ${earlier[0]}'s`] : []
  })
}
