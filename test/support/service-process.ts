import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startChild, type Child } from './child.js'
import { findFreePort } from '@kafka-etl/local/broker'
import { repositoryRoot } from './repository.js'
import { makeTemporaryFolder } from './temporary-folder.js'
import { waitFor } from './wait-for.js'

export const serviceNames = ['producer', 'etl', 'reader'] as const
export type ServiceName = (typeof serviceNames)[number]

/** A line of the service's output: pino's object, or only `{ msg }` if it is not a JSON object. */
export type LogLine = { readonly msg: string; readonly level?: string; readonly [field: string]: unknown }

export type ServiceOptions = {
  readonly service: ServiceName | 'console'
  /** The value of KAFKA_BROKERS. */
  readonly bootstrap: string
  /**
   * Overrides the defaults of a test: NODE_ENV=test, LOG_FORMAT=json, LOG_LEVEL=debug, a free HTTP_PORT, RESULTS_DIR in
   * `folder`.
   */
  readonly environment?: Readonly<Record<string, string>>
  /** The working folder (the repository's `.env` is not read); by default a new temporary one. */
  readonly folder?: string
  /** The root of the installation whose service is started; by default the repository. */
  readonly installation?: string
  /** Arguments of the service: `--topic orders`. */
  readonly serviceArguments?: readonly string[]
  /** Arguments of Node itself, such as --max-old-space-size=48. */
  readonly nodeArguments?: readonly string[]
}

export type LineWait = { readonly what?: string; readonly deadlineMs?: number; readonly after?: number }

/** A service as users run it: a separate process, built, with nothing faked. */
export type ServiceProcess = Child & {
  readonly folder: string
  readonly httpUrl: string
  readonly lines: readonly LogLine[]
  /**
   * The first line whose message (or whole JSON text) matches, from index `after` (0) on; fails if the process ends
   * first.
   */
  readonly waitForLine: (pattern: RegExp, wait?: LineWait) => Promise<LogLine>
  /** Waits until the path returns this status: `waitForHttp('/ready', 200)`. */
  readonly waitForHttp: (path: string, status: number, deadlineMs?: number) => Promise<void>
  /** The sum of a metric over all labels; undefined if the service does not respond or lacks the metric. */
  readonly metric: (name: string) => Promise<number | undefined>
}

const parseLine = (text: string): LogLine => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'msg' in value && typeof value.msg === 'string') {
      return { ...value, msg: value.msg }
    }
  } catch {
    // Not a log line, but output of Node or of a crash.
  }
  return { msg: text }
}

/** Sums a metric's samples in Prometheus text format. */
export const sumMetric = (exposition: string, name: string): number | undefined => {
  const samples = exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))
  return samples.length === 0 ? undefined : samples.reduce((sum, sample) => sum + sample, 0)
}

const lastLines = (lines: readonly LogLine[]): string =>
  lines
    .slice(-15)
    .map((line) => `\n  ${line.level ?? ''} ${line.msg}`)
    .join('')

/** Starts `<service>-src/dist/main.js` in a separate process. */
export const startServiceProcess = async (options: ServiceOptions): Promise<ServiceProcess> => {
  const { service, bootstrap, environment, installation = repositoryRoot } = options
  const { nodeArguments = [], serviceArguments = [] } = options
  const folder = options.folder ?? (await makeTemporaryFolder(service))
  const httpPort = environment?.HTTP_PORT ?? String(await findFreePort())
  const child = await startChild({
    name: service,
    command: process.execPath,
    args: [...nodeArguments, join(installation, `${service}-src`, 'dist', 'main.js'), ...serviceArguments],
    cwd: folder,
    environment: {
      NODE_ENV: 'test',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'debug',
      RESULTS_DIR: join(folder, 'results'),
      KAFKA_BROKERS: bootstrap,
      ...environment,
      HTTP_PORT: httpPort,
    },
  })
  const lines: LogLine[] = []
  const take = (text: string): void => void lines.push(parseLine(text))
  createInterface({ input: child.stdout }).on('line', take)
  createInterface({ input: child.stderr }).on('line', take)
  const httpUrl = `http://127.0.0.1:${httpPort}`
  const fetchPath = (path: string): Promise<Response> =>
    fetch(`${httpUrl}${path}`, { signal: AbortSignal.timeout(2_000) })
  const waitForLine = async (pattern: RegExp, wait: LineWait = {}): Promise<LogLine> => {
    const find = (): LogLine | undefined =>
      lines.slice(wait.after ?? 0).find((line) => pattern.test(line.msg) || pattern.test(JSON.stringify(line)))
    const what = wait.what ?? `${service} to log ${String(pattern)}`
    const found = await waitFor(() => find() ?? (child.hasEnded() ? 'ended' : undefined), {
      what,
      ...(wait.deadlineMs === undefined ? {} : { deadlineMs: wait.deadlineMs }),
    })
    if (found !== 'ended') return found
    await child.exit
    const late = find()
    if (late === undefined) throw new Error(`Expected ${what}, but it ended. Its last lines:${lastLines(lines)}`)
    return late
  }
  return {
    ...child,
    folder,
    httpUrl,
    lines,
    waitForLine,
    waitForHttp: async (path, status, deadlineMs = 30_000) => {
      const what = `${service} to answer ${status} on ${path}`
      await waitFor(async () => (await fetchPath(path)).status === status, { what, deadlineMs })
    },
    metric: async (name) => {
      const response = await fetchPath('/metrics').catch(() => undefined)
      return response === undefined ? undefined : sumMetric(await response.text(), name)
    },
  }
}
