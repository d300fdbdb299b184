import { findTakenPorts } from './broker/ports.js'
import type { PartStatus } from './part-status.js'
import { StackError } from './stack-error.js'
import type { StackSettings } from './stack-settings.js'

/** Throws a {@link StackError} that names the ports which somebody else has taken. */
export const checkPorts = async (
  settings: StackSettings,
  hasRegistry: boolean,
  running: readonly PartStatus[],
): Promise<void> => {
  const wanted = [
    ...(hasRegistry ? [{ name: 'registry', port: settings.registryPort, portSetting: 'REGISTRY_PORT' }] : []),
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
