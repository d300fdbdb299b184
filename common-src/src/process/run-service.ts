import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { createSystemClock } from '../time/clock.js'
import { commonSettings, httpHostSetting, httpPortSetting, type CommonSettings } from '../settings/common-settings.js'
import { createCrashPoint } from './crash-point.js'
import { messageOf } from '../errors.js'
import { startHttpServer, type HttpServer } from '../http/http-server.js'
import { loadEnvironment } from '../settings/load-environment.js'
import { createLogger, type Logger } from '../log/logger.js'
import { collectProcessMetrics } from './process-metrics.js'
import type { Service, ServiceContext } from './service.js'
import {
  describeChanges,
  describeSettings,
  presentText,
  SettingsError,
  type SettingsOf,
  type SettingsTable,
} from '../settings/settings.js'
import { letYoungGenerationGrowOnce } from './young-generation.js'

const stopDeadlineMs = 10_000

export type RunServiceOptions<Table extends SettingsTable> = {
  readonly name: string
  readonly httpPort: number
  /** The service's own settings; `runService` adds the common ones. */
  readonly table: Table
  /** A unique name that the process keeps over restarts; empty: none. */
  readonly instance?: (settings: SettingsOf<Table>) => string
  /** Faults that are known before the settings are read. They are reported together with the faults of the settings. */
  readonly faults?: readonly string[]
  /** Whether a name under a guarded prefix belongs to something other than this service. */
  readonly isKnownElsewhere?: (name: string) => boolean
  /** The contradictions between the settings that parsed. It is called even if other settings did not parse. */
  readonly findContradictions?: (known: Partial<SettingsOf<Table> & CommonSettings>) => readonly string[]
  /** What cannot work although each setting is valid: one sentence per fault. */
  readonly findFaults?: (settings: SettingsOf<Table> & CommonSettings) => readonly string[]
  readonly create: (context: ServiceContext<SettingsOf<Table> & CommonSettings>) => Service
  /** Turns an error into one that says what to do. Gives a `SettingsError` if a restart cannot help. */
  readonly explainError: (error: unknown) => unknown
}

/**
 * Runs a service as this process: settings from the environment and `.env`, logger, HTTP endpoints, signals, exit code
 * (0 done or asked to stop, 1 failed for good, 2 wrong settings). The first SIGTERM or SIGINT asks the service to stop.
 * The second one ends it at once; so does a stop that takes longer than 10 s.
 */
export const runService = async <Table extends SettingsTable>(options: RunServiceOptions<Table>): Promise<void> => {
  // Assume failure until the service ends well: a process that runs out of work exits with 1.
  process.exitCode = 1
  letYoungGenerationGrowOnce()
  const { name, httpPort, create, instance, isKnownElsewhere } = options
  const table = { ...commonSettings, ...options.table, httpPort: httpPortSetting(httpPort), httpHost: httpHostSetting }
  const loaded = loadEnvironment(table, process.env, {
    isKnownElsewhere,
    findContradictions: (known) =>
      options.findContradictions?.(known as Partial<SettingsOf<Table> & CommonSettings>) ?? [],
  })
  if (!loaded.ok) return exitUnusable(name, [...(options.faults ?? []), ...loaded.faults])
  const settings = loaded.settings as SettingsOf<Table> & CommonSettings & { httpPort: number; httpHost: string }
  const faults = [...(options.faults ?? []), ...(options.findFaults?.(settings) ?? [])]
  if (faults.length > 0) return exitUnusable(name, faults)
  const logger = createLogger({ name, settings, stream: process.stdout })
  const stopping = stopOnSignal(logger)
  const registry = new Registry()
  collectProcessMetrics(registry)
  try {
    logger.info(
      { settings: describeSettings(table, loaded.settings) },
      `starting${describeChanges(table, loaded.settings)}`,
    )
    // The process id does not work here: in containers, all processes have the same one.
    const clientId = `${name}-${presentText(instance?.(settings)) ?? randomUUID()}`
    const crashPoint = createCrashPoint(process.env, () => process.kill(process.pid, 'SIGKILL'))
    const service = create({ settings, logger, clientId, clock: createSystemClock(), registry, crashPoint })
    const http = await serve(service, registry, settings, logger)
    await service.run(stopping)
    await http?.close()
    logger.info('stopped')
    process.exit(0)
  } catch (error) {
    exitFailed(logger, error, options.explainError(error))
  }
}

const exitUnusable = (name: string, faults: readonly string[]): never => {
  process.stderr.write(`${name}: wrong settings\n${faults.map((fault) => `  ${fault}\n`).join('')}`)
  process.exit(2)
}

const serve = async (
  service: Service,
  registry: Registry,
  { httpHost, httpPort }: { readonly httpHost: string; readonly httpPort: number },
  logger: Logger,
): Promise<HttpServer | undefined> => {
  if (httpPort === 0) return undefined
  const { liveness, readiness, startHttp = startHttpServer } = service
  const http = await startHttp({ host: httpHost, port: httpPort, liveness, readiness, registry })
  logger.debug({ port: http.port }, 'serving /live, /ready and /metrics')
  return http
}

const stopOnSignal = (logger: Logger): AbortSignal => {
  const controller = new AbortController()
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      logger.warn(`got ${signal} again: ending at once`)
      process.exit(1)
    }
    logger.info(`got ${signal}: finishing what is open`)
    controller.abort()
    setTimeout(() => {
      logger.error(`expected to stop within ${stopDeadlineMs / 1000} s, did not: ending at once`)
      process.exit(1)
    }, stopDeadlineMs).unref()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return controller.signal
}

const exitFailed = (logger: Logger, cause: unknown, error: unknown): never => {
  logger.fatal({ error: cause instanceof Error ? cause.name : undefined }, messageOf(error))
  process.exit(error instanceof SettingsError ? 2 : 1)
}
