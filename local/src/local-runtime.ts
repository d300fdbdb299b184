import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import type { Environment } from '@kafka-etl/common'
import { formatKafkaProperties, formatLog4jProperties, formatZookeeperProperties } from './broker-config.js'
import { newestModification, readIfPresent } from './file-age.js'
import { fingerprint } from './fingerprint.js'
import { ensureJars } from './jars.js'
import { followLogFiles, listLoggedParts, matchesService, readLastLines } from './log-file.js'
import { isService, kindOf, planBroker, planEtlPorts, planServices, type Part, type PartKind } from './part.js'
import { isSupervised, logFileOf, readPartStates, startPart, stopPart } from './part-control.js'
import type { PartState } from './part-state.js'
import type { PartStatus } from './part-status.js'
import { findTakenPorts, isPortFree } from './port.js'
import { probeKafka, probeService, probeZookeeper, type Probe } from './probe.js'
import type { Runtime, RuntimeContext } from './runtime.js'
import { StackError } from './stack-error.js'

type LocalContext = RuntimeContext & { readonly node: string; readonly print: (line: string) => void }

const brokerStartMs = 60_000

/** ZooKeeper, Kafka and the services as processes on 127.0.0.1, each under a small supervisor. */
export const createLocalRuntime = (context: LocalContext): Runtime => {
  const { folders } = context
  const stopAll = async (states: readonly PartState[]): Promise<void> => {
    await Promise.all(states.map((state) => stopPart(folders, state)))
  }
  const stopServices = (): Promise<void> => stopAll(readPartStates(folders).filter(({ name }) => isServiceName(name)))
  const down = async (): Promise<void> => {
    await stopServices()
    // One after the other: Kafka takes leave of ZooKeeper.
    for (const name of ['kafka', 'zookeeper'])
      await stopAll(readPartStates(folders).filter((state) => state.name === name))
  }
  return {
    name: 'local',
    start: () => startStack(context, stopAll),
    readStatus: () => Promise.all(readPartStates(folders).toSorted(byOrder).map(readPartStatus)),
    stop: stopServices,
    down,
    removeData: async () => {
      await down()
      const removed = [folders.kafka, folders.zookeeper, folders.log, folders.config, folders.run]
      for (const folder of removed) await rm(folder, { recursive: true, force: true })
      return removed
    },
    readLastLogLines: (part, count) => readLastLines(logFileOf(folders, part), count),
    followLogs: (service, stopping) => followLogs(context, service, stopping),
  }
}

const followLogs = async (
  { folders, print }: LocalContext,
  service: string | undefined,
  stopping: AbortSignal,
): Promise<void> => {
  const parts = await listLoggedParts(folders.log)
  if (parts.some((part) => matchesService(part, service))) {
    return followLogFiles({ folder: folders.log, service, stopping, print })
  }
  if (parts.length === 0) throw new StackError('There are no logs yet: `make` starts the stack.')
  throw new StackError(`SERVICE: expected one of ${parts.join(', ')}, got ${JSON.stringify(service)}.`)
}

const order: readonly string[] = ['zookeeper', 'kafka', 'producer', 'etl', 'reader']

const byOrder = (left: PartState, right: PartState): number =>
  order.indexOf(kindOf(left.name)) - order.indexOf(kindOf(right.name)) ||
  left.name.localeCompare(right.name, 'en', { numeric: true })

const isServiceName = (name: string): boolean => isService(kindOf(name) as PartKind)

const startStack = async (
  context: LocalContext,
  stopAll: (states: readonly PartState[]) => Promise<void>,
): Promise<void> => {
  const { folders, settings } = context
  await ensureJars(join(folders.root, 'local', 'pom.xml'), folders.jars, context.say)
  mkdirSync(folders.results, { recursive: true })
  const states = new Map(readPartStates(folders).map((state) => [state.name, state]))
  const broker = planBroker(folders, settings)
  const etlPorts = await planEtlPorts(
    settings,
    async (name, port) => (isSupervised(states.get(name)) && states.get(name)?.port === port) || isPortFree(port),
  )
  const environment = serviceEnvironment(context)
  const services = planServices(context.node, folders, settings, etlPorts)
  const planned = [...broker, ...services].map((part) => ({
    part,
    mark: markOf(context, part, environment),
  }))
  const missing = planned.filter(({ part, mark }) => {
    const state = states.get(part.name)
    return !isSupervised(state) || state.fingerprint !== mark
  })
  const surplus = [...states.values()].filter(({ name }) => !planned.some(({ part }) => part.name === name))
  await stopAll([...surplus, ...missing.flatMap(({ part }) => states.get(part.name) ?? [])])
  const faults = await findTakenPorts(missing.map(({ part }) => part))
  if (faults.length > 0) throw new StackError(faults.join('\n'))
  writeBrokerFiles(context)
  const start = ({ part, mark }: { part: Part; mark: string }): void =>
    startPart({ node: context.node, folders, environment }, part, mark)
  missing.filter(({ part }) => !isService(part.kind)).forEach(start)
  await waitForBroker(context)
  missing.filter(({ part }) => isService(part.kind)).forEach(start)
}

/** What a part is made of, its code included: a rebuilt service is started anew. */
const markOf = ({ folders, settings, dotenv }: LocalContext, part: Part, environment: Environment): string => {
  const command = [part.command, ...part.args]
  if (!isService(part.kind)) {
    return fingerprint(
      command,
      [...Object.values(brokerFiles({ folders, settings })), readIfPresent(join(folders.jars, 'pom.xml'))],
      {},
    )
  }
  const code = ['common-src', `${part.kind}-src`].map((folder) =>
    newestModification(join(folders.root, folder, 'dist')),
  )
  return fingerprint(command, code.map(String), { ...dotenv, ...environment, ...part.environment })
}

/** Readable logs unless told otherwise; the stack's own broker, whatever the rest says. */
const serviceEnvironment = ({ environment, dotenv }: LocalContext): Environment => ({
  ...environment,
  ...(environment.LOG_FORMAT || dotenv.LOG_FORMAT ? {} : { LOG_FORMAT: 'pretty' }),
})

const brokerFiles = ({ folders, settings }: Pick<LocalContext, 'folders' | 'settings'>): Record<string, string> => ({
  'zookeeper.properties': formatZookeeperProperties({ dataDir: folders.zookeeper, port: settings.zookeeperPort }),
  'kafka.properties': formatKafkaProperties({
    dataDir: folders.kafka,
    port: settings.kafkaPort,
    zookeeperPort: settings.zookeeperPort,
  }),
  'log4j.properties': formatLog4jProperties(),
})

const writeBrokerFiles = (context: LocalContext): void => {
  mkdirSync(context.folders.config, { recursive: true })
  for (const [name, content] of Object.entries(brokerFiles(context))) {
    writeFileSync(join(context.folders.config, name), content)
  }
}

const waitForBroker = async ({ settings, folders }: LocalContext): Promise<void> => {
  const deadlineMs = performance.now() + brokerStartMs
  for (;;) {
    const probe = await probeKafka(settings.kafkaPort)
    if (probe.ok) return
    if (performance.now() > deadlineMs) {
      const lines = await readLastLines(logFileOf(folders, 'kafka'), 20)
      throw new StackError(
        `kafka is not healthy after ${brokerStartMs / 1000} s: ${probe.reason}. The end of ${logFileOf(folders, 'kafka')}:\n${lines.join('\n')}`,
      )
    }
    await sleepFor(100)
  }
}

const readPartStatus = async (state: PartState): Promise<PartStatus> => {
  const { name, port, phase, restarts, child } = state
  const base = { name, port, restarts, process: child ? `pid ${child.pid}` : '-' }
  if (phase === 'done') return { ...base, state: 'done', health: '-' }
  if (phase === 'failed') return { ...base, state: 'failed', health: '-', reason: 'wrong settings, see its log' }
  if (!isSupervised(state)) return { ...base, state: 'stopped', health: '-', reason: 'its supervisor was killed' }
  if (phase === 'pausing') return { ...base, state: 'restarting', health: 'unhealthy' }
  const probe = await probePart(name, port)
  return {
    ...base,
    state: 'running',
    ...(probe.ok ? { health: 'healthy' } : { health: 'unhealthy', reason: probe.reason }),
  }
}

const probePart = (name: string, port: number): Promise<Probe> => {
  if (name === 'zookeeper') return probeZookeeper(port)
  return name === 'kafka' ? probeKafka(port) : probeService(port)
}
