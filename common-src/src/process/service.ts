import type { Registry } from 'prom-client'
import type { HttpServer, HttpServerOptions } from '../http/http-server.js'
import type { Clock } from '../time/clock.js'
import type { CrashPoint } from './crash-point.js'
import type { Health } from './health.js'
import type { Logger } from '../log/logger.js'

/** What a service is to the process that runs it. */
export type Service = {
  /**
   * Works until it is done or `stopping` is aborted, then resolves: exit code 0. Rejects when it has failed for good:
   * exit code 1, or 2 for a `SettingsError`.
   */
  readonly run: (stopping: AbortSignal) => Promise<void>
  /** Fails only when there is work and no progress: the process should be restarted. */
  readonly liveness: () => Health
  /** Fails until the service is connected and caught up with its start. */
  readonly readiness: () => Health
  /** Serves `/live`, `/ready` and `/metrics` itself, and what else it has; without it they are all that is served. */
  readonly startHttp?: (options: HttpServerOptions) => Promise<HttpServer>
}

/** What a service is made of; everything it needs of the outside comes in here. */
export type ServiceContext<Settings> = {
  readonly settings: Settings
  readonly logger: Logger
  /** How Kafka knows this process; brokers show it beside its members and connections. */
  readonly clientId: string
  readonly clock: Clock
  readonly registry: Registry
  readonly crashPoint: CrashPoint
}
