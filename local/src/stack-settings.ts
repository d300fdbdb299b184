import {
  commonSettings,
  guardedNames,
  guardedPrefixes,
  loadSettings,
  parsers,
  port,
  readerSettings,
  registryPort,
  servicePortSettings,
  setting,
  type Environment,
  type Parsed,
  type SettingsOf,
} from '@kafka-etl/common'

/** Accepts `SECURE=1` on the command line of make, as well as `true`. */
const onOrOff = (text: string): Parsed<boolean> => {
  if (text === '1' || text === 'true') return { ok: true, value: true }
  if (text === '0' || text === 'false') return { ok: true, value: false }
  return { ok: false, expected: '1 or 0' }
}

/** `ENGINE=1`, `0`, or as the pipeline needs it. */
const choiceOfPart = (text: string): Parsed<'auto' | 'on' | 'off'> => {
  if (text === 'auto') return { ok: true, value: 'auto' }
  const choice = onOrOff(text)
  if (!choice.ok) return { ok: false, expected: '1, 0 or auto' }
  return { ok: true, value: choice.value ? 'on' : 'off' }
}

/** The settings of the stack as a whole; the services' own settings are passed on unchanged. */
export const stackSettings = {
  pipeline: commonSettings.pipeline,
  runtime: setting(
    'RUNTIME',
    parsers.oneOf(['auto', 'docker', 'local']),
    'auto',
    'docker, local, or auto: docker if a Docker engine answers, else local',
  ),
  kafkaPort: commonSettings.kafkaPort,
  zookeeperPort: setting('ZOOKEEPER_PORT', port, '22181', 'port of ZooKeeper on 127.0.0.1; local runtime only'),
  ...servicePortSettings,
  dataDir: setting('DATA_DIR', parsers.path, '.data', "folder of the local runtime: jars, the broker's data, logs"),
  secure: setting(
    'SECURE',
    onOrOff,
    '0',
    '1: the broker requires TLS, a user and ACLs; make creates certificates and passwords in DATA_DIR/secure',
  ),
  monitoring: setting(
    'MONITORING',
    onOrOff,
    '0',
    '1: starts Prometheus, and Grafana with a dashboard; docker runtime only',
  ),
  browser: setting(
    'BROWSER',
    onOrOff,
    '0',
    '1: starts a read-only browser of the topics; docker runtime only, and not with SECURE',
  ),
  prometheusPort: setting('PROMETHEUS_PORT', port, '9090', 'port of Prometheus on 127.0.0.1'),
  grafanaPort: setting('GRAFANA_PORT', port, '3000', 'port of Grafana on 127.0.0.1'),
  browserPort: setting('BROWSER_PORT', port, '8080', 'port of the topic browser on 127.0.0.1'),
  console: setting('CONSOLE', onOrOff, '1', '0: leaves out the console, the page that shows the stack'),
  resultsDir: readerSettings.resultsDir,
  etlInstances: setting('ETL', parsers.integer({ min: 1, max: 32 }), '1', 'number of ETL instances'),
  upSeconds: setting(
    'UP_SECONDS',
    parsers.integer({ min: 1, max: 86_400 }),
    '120',
    'how long `make up` waits until the stack is healthy and has its first rows',
  ),
  engine: setting(
    'ENGINE',
    choiceOfPart,
    'auto',
    '1: Flink runs the SQL files of the pipeline; 0: it does not; auto: it does if the pipeline has any and is not timestamps',
  ),
  registry: setting(
    'REGISTRY',
    choiceOfPart,
    'auto',
    '1: starts a Schema Registry; 0: does not; auto: does if the pipeline has a registered format and SCHEMA_REGISTRY_URL is not set',
  ),
  registryPort,
  taskManagers: setting('TASKMANAGERS', parsers.integer({ min: 1, max: 32 }), '1', "number of Flink's TaskManagers"),
  service: setting('SERVICE', parsers.text, '', 'the part whose logs `make logs` follows; empty: all'),
}

export type StackSettings = SettingsOf<typeof stackSettings>

/** Reads the stack's settings; reports a misspelt `ETL_…`, `PRODUCER_…` or `READER_…` before anything starts. */
export const loadStackSettings = (
  environment: Environment,
  isKnownElsewhere: (name: string) => boolean = () => false,
): ReturnType<typeof loadSettings<typeof stackSettings>> => {
  const loaded = loadSettings(stackSettings, environment, {
    prefixes: guardedPrefixes,
    knownNames: guardedNames,
    isKnownElsewhere,
  })
  if (!loaded.ok) return loaded
  const faults = [...findSharedPorts(loaded.settings), ...findContradictions(loaded.settings)]
  return faults.length > 0 ? { ok: false, faults } : loaded
}

const findContradictions = ({ secure, browser }: StackSettings): string[] => [
  ...(secure && browser
    ? ['BROWSER: expected 0 with SECURE, since the topic browser has no user of its own, got 1']
    : []),
]

const findSharedPorts = (settings: StackSettings): string[] => {
  const ports = [
    ['KAFKA_PORT', settings.kafkaPort],
    ['ZOOKEEPER_PORT', settings.zookeeperPort],
    ['PRODUCER_HTTP_PORT', settings.producerHttpPort],
    ['ETL_HTTP_PORT', settings.etlHttpPort],
    ['READER_HTTP_PORT', settings.readerHttpPort],
    ['REGISTRY_PORT', settings.registryPort],
    ['ENGINE_PORT', settings.enginePort],
    ['ENGINE_HTTP_PORT', settings.engineHttpPort],
    ...(settings.console ? [['CONSOLE_HTTP_PORT', settings.consoleHttpPort] as const] : []),
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
