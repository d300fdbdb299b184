import type { Registry } from 'prom-client'
import type { HttpServer, HttpServerOptions } from '../http/http-server.js'
import type { Clock } from '../time/clock.js'
import type { CrashPoint } from './crash-point.js'
import type { Health } from './health.js'
import type { Logger } from '../log/logger.js'

/** A service as seen by the process that runs it. */
export type Service = {
  /**
   * Works until it is done or `stopping` is aborted, then resolves: exit code 0. Rejects if it fails for good: exit
   * code 1, or 2 for a `SettingsError`.
   */
  readonly run: (stopping: AbortSignal) => Promise<void>
  /** Fails only if there is work but no progress: the process should be restarted. */
  readonly liveness: () => Health
  /** Fails until the service is connected and its start is complete. */
  readonly readiness: () => Health
  /**
   * Serves `/live`, `/ready` and `/metrics` itself, together with its own pages. Without it, the process serves only
   * these three.
   */
  readonly startHttp?: (options: HttpServerOptions) => Promise<HttpServer>
}

/** Everything a service needs from the outside. */
export type ServiceContext<Settings> = {
  readonly settings: Settings
  readonly logger: Logger
  /** The name of this process in Kafka; brokers show it next to members and connections. */
  readonly clientId: string
  readonly clock: Clock
  readonly registry: Registry
  readonly crashPoint: CrashPoint
}
