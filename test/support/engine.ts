import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePorts, startServer, type Server } from '@kafka-etl/local/broker'
import {
  ensureFlink,
  planEngineEnvironment,
  planJobManagerCommand,
  planTaskManagerCommand,
  readJobStatus,
  writeFlinkFiles,
} from '@kafka-etl/local/engine'
import type { PartStatus } from '../../local/src/part-status.js'
import { launchWithTests, startKafka, type KafkaOptions, type TestKafka } from './kafka.js'
import { cacheFolder, repositoryRoot } from './repository.js'
import { sumMetric } from './service-process.js'

export type EngineOptions = {
  readonly bootstrap: string
  readonly zookeeperPort: number
  /** The folder for Flink, its state and a copy of the engine service; created if missing. */
  readonly folder: string
  readonly taskManagers: number
  /** The SQL files, by name. */
  readonly sql: Readonly<Record<string, string>>
  /** Overrides the environment that the stack gives to the engine service. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Flink and the engine service, as in the stack without Docker, for a pipeline of the test. */
export type TestEngine = {
  readonly jobManager: Server
  readonly taskManagers: readonly Server[]
  readonly service: Server
  readonly flinkUrl: string
  readonly writeSql: (files: Readonly<Record<string, string>>) => void
  /** The reason why not every job works; undefined: all of them do. */
  readonly readProblem: () => Promise<string | undefined>
  /** The rows about jobs in `make ps`. */
  readonly readJobs: () => Promise<readonly PartStatus[]>
  /** The sum of one of the engine's metrics over all jobs. */
  readonly metric: (name: string) => Promise<number | undefined>
}

/** A broker with the ZooKeeper that Flink's JobManager shares with it. */
export const startKafkaForEngine = async (
  options: Omit<KafkaOptions, 'beforeBroker'> = {},
): Promise<{ readonly kafka: TestKafka; readonly zookeeperPort: number }> => {
  let zookeeperPort = 0
  const kafka = await startKafka({
    ...options,
    beforeBroker: ({ zookeeper }) => {
      zookeeperPort = Number(zookeeper.split(':')[1])
      return Promise.resolve()
    },
  })
  return { kafka, zookeeperPort }
}

const startMs = 300_000
const pipeline = 'proof'

/** Starts all of it; resolves when every job works. */
export const startEngine = async (options: EngineOptions): Promise<TestEngine> => {
  const { folder, zookeeperPort } = options
  const jars = join(cacheFolder, 'flink')
  await ensureFlink({ root: repositoryRoot, folder: jars, say: () => undefined })
  const [rest = 0, http = 0] = await findFreePorts(2)
  const site = { folder, jars, config: join(folder, 'config', 'engine') }
  const stateDir = join(folder, 'engine')
  for (const needed of [join(stateDir, 'tmp'), join(folder, 'log')]) mkdirSync(needed, { recursive: true })
  writeFlinkFiles(site.config, {
    restPort: rest,
    zookeeperPort,
    pipeline,
    stateDir: join(stateDir, pipeline),
    temporaryDir: 'engine/tmp',
    isZookeeperGuarded: false,
  })
  const writeSql = copyService(folder)
  writeSql(options.sql)
  const flinkUrl = `http://127.0.0.1:${rest}`
  const httpUrl = `http://127.0.0.1:${http}`
  const answers = async (url: string): Promise<boolean> =>
    (await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined))?.ok === true
  const start = (
    name: string,
    command: object & ReturnType<typeof planJobManagerCommand>,
    isReady: () => Promise<boolean>,
  ) =>
    startServer({
      ...command,
      name,
      isReady,
      deadlineMs: startMs,
      launch: launchWithTests,
      logFile: join(folder, 'log', `${name}.log`),
    })
  const names = Array.from({ length: options.taskManagers }, (_, index) => `taskmanager-${index + 1}`)
  const jobManagerStart = start('jobmanager', planJobManagerCommand(site), () => answers(`${flinkUrl}/overview`))
  const taskManagerStarts = names.map((name) =>
    start(name, planTaskManagerCommand(site, name), () => answers(`${flinkUrl}/taskmanagers/${name}`)),
  )
  const environment = {
    ...planEngineEnvironment(site, {
      pipeline,
      bootstrap: options.bootstrap,
      httpPort: http,
      restPort: rest,
      stateDir,
    }),
    NODE_ENV: 'test',
    LOG_FORMAT: 'json',
    // The limit of a broker other than the stack's.
    ENGINE_TRANSACTION_TIMEOUT_MS: '900000',
    ...options.environment,
  }
  const service = await startServer({
    ...{ name: 'engine', command: process.execPath, args: [join(folder, 'suite', 'engine-src', 'dist', 'main.js')] },
    ...{
      cwd: folder,
      environment,
      deadlineMs: startMs,
      launch: launchWithTests,
      logFile: join(folder, 'log', 'engine.log'),
    },
    isReady: () => answers(`${httpUrl}/ready`),
  })
  return {
    jobManager: await jobManagerStart,
    taskManagers: await Promise.all(taskManagerStarts),
    service,
    flinkUrl,
    writeSql,
    readProblem: async () => {
      const response = await fetch(`${httpUrl}/ready`, { signal: AbortSignal.timeout(2_000) })
      return response.ok ? undefined : ((await response.json()) as { reason: string }).reason
    },
    readJobs: () => readJobStatus(http),
    metric: async (name) => sumMetric(await (await fetch(`${httpUrl}/metrics`)).text(), name),
  }
}

/** The service looks for pipelines next to itself: a copy of it has those of the test. */
const copyService = (folder: string): TestEngine['writeSql'] => {
  const suite = join(folder, 'suite')
  cpSync(join(repositoryRoot, 'engine-src', 'dist'), join(suite, 'engine-src', 'dist'), { recursive: true })
  const pipelineFolder = join(suite, 'pipelines', pipeline)
  mkdirSync(pipelineFolder, { recursive: true })
  return (files) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(pipelineFolder, name), text)
  }
}
