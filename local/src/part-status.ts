import { formatTable } from '@kafka-etl/common'
import { sumGauge } from './metrics-text.js'
import { kindOf } from './part.js'
import { fetchMetrics } from './service-probe.js'

/** The kinds of parts, in the order of `make ps`, in either runtime. */
export const partOrder: readonly string[] = [
  'zookeeper',
  'kafka',
  'registry',
  'producer',
  'etl',
  'reader',
  'jobmanager',
  'taskmanager',
  'engine',
  'console',
]

/** The state of a part for `make ps` and for the waiting of `make up`, in either runtime. */
export type PartStatus = {
  readonly name: string
  /** `done`: ended with exit code 0, as it should. `failed`: ended with exit code 2, which no restart fixes. */
  readonly state: 'running' | 'restarting' | 'done' | 'failed' | 'stopped'
  readonly health: Health
  /** Why it is not healthy, if known. */
  readonly reason?: string
  /** What the user may want to do, although it is up. */
  readonly advice?: string
  /** The port on 127.0.0.1, if it has one. */
  readonly port?: number
  readonly process: string
  readonly restarts?: number
}

export type Health = 'healthy' | 'starting' | 'unhealthy' | '-'

/** Whether there is nothing more to wait for: it is healthy, or done. */
export const isUp = ({ state, health }: PartStatus): boolean =>
  state === 'done' || (state === 'running' && health === 'healthy')

const lagGauges: Readonly<Record<string, string>> = {
  etl: 'etl_consumer_lag_records',
  reader: 'reader_consumer_lag_records',
}

/** How many records a part has still to handle; undefined if it has no lag, or does not report it. */
export const readLag = async ({ name, port, state }: PartStatus): Promise<number | undefined> => {
  const gauge = lagGauges[kindOf(name)]
  if (gauge === undefined || port === undefined || state !== 'running') return undefined
  const page = await fetchMetrics(port)
  return page === undefined ? undefined : sumGauge(page, gauge)
}

/** The table of `make ps`. */
export const formatStatusTable = (parts: readonly (PartStatus & { readonly lag?: number | undefined })[]): string => {
  const rows = parts.map((part) => [
    part.name,
    part.state,
    part.health,
    part.port === undefined ? '-' : `127.0.0.1:${part.port}`,
    part.process,
    part.restarts === undefined ? '-' : String(part.restarts),
    part.lag === undefined ? '-' : String(part.lag),
    [part.reason, part.advice].filter((text) => text !== undefined).join('; '),
  ])
  return formatTable(['PART', 'STATE', 'HEALTH', 'PORT', 'PROCESS', 'RESTARTS', 'LAG', ''], rows)
}
