import { findTakenPorts } from './broker/ports.js'
import type { OptionalProfile } from './optional-profiles.js'
import type { PartStatus } from './part-status.js'
import { StackError } from './stack-error.js'
import type { StackSettings } from './stack-settings.js'

type WantedPort = { readonly name: string; readonly port: number; readonly portSetting: string }

const portsOfProfile = ({
  registryPort,
  enginePort,
  engineHttpPort,
}: StackSettings): Record<OptionalProfile, readonly WantedPort[]> => ({
  registry: [{ name: 'registry', port: registryPort, portSetting: 'REGISTRY_PORT' }],
  engine: [
    { name: 'jobmanager', port: enginePort, portSetting: 'ENGINE_PORT' },
    { name: 'engine', port: engineHttpPort, portSetting: 'ENGINE_HTTP_PORT' },
  ],
})

/** Throws a {@link StackError} that names the ports in use by other programs. */
export const checkPorts = async (
  settings: StackSettings,
  profiles: readonly OptionalProfile[],
  running: readonly PartStatus[],
): Promise<void> => {
  const wanted = [
    ...profiles.flatMap((profile) => portsOfProfile(settings)[profile]),
    { name: 'kafka', port: settings.kafkaPort, portSetting: 'KAFKA_PORT' },
    { name: 'producer', port: settings.producerHttpPort, portSetting: 'PRODUCER_HTTP_PORT' },
    { name: 'etl-1', port: settings.etlHttpPort, portSetting: 'ETL_HTTP_PORT' },
    { name: 'reader', port: settings.readerHttpPort, portSetting: 'READER_HTTP_PORT' },
    ...(settings.console
      ? [{ name: 'console', port: settings.consoleHttpPort, portSetting: 'CONSOLE_HTTP_PORT' }]
      : []),
    ...(settings.monitoring
      ? [
          { name: 'prometheus', port: settings.prometheusPort, portSetting: 'PROMETHEUS_PORT' },
          { name: 'grafana', port: settings.grafanaPort, portSetting: 'GRAFANA_PORT' },
        ]
      : []),
    ...(settings.browser ? [{ name: 'browser', port: settings.browserPort, portSetting: 'BROWSER_PORT' }] : []),
  ]
  const isOurs = (port: number): boolean => running.some((part) => part.port === port)
  const faults = await findTakenPorts(wanted.filter(({ port }) => !isOurs(port)))
  if (faults.length > 0) throw new StackError(faults.join('\n'))
}
