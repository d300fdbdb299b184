import { rm } from 'node:fs/promises'
import { probeKafka, probeZookeeper, type Probe } from './broker/probe.js'
import { readBrokerCa } from './broker-files.js'
import type { Folders } from './folders.js'
import { startLocalStack, type LocalContext } from './local-start.js'
import { runLocalTool } from './local-tool.js'
import { followLogFiles, listLoggedParts, matchesService, readLastLines } from './log-file.js'
import { probeJobManager, probeTaskManager, readJobStatus } from './engine/engine-status.js'
import { isFlink, isService, kindOf, type PartKind } from './part.js'
import { probeRegistry } from './registry/registry-probe.js'
import { isSupervised, logFileOf, readPartStates, stopPart } from './part-control.js'
import type { PartState } from './part-state.js'
import { partOrder, type PartStatus } from './part-status.js'
import type { Runtime } from './runtime.js'
import { probeService } from './service-probe.js'
import { StackError } from './stack-error.js'

/** ZooKeeper, Kafka and the services as processes on 127.0.0.1, each under a small supervisor. */
export const createLocalRuntime = (context: LocalContext): Runtime => {
  const { folders } = context
  const stopAll = async (states: readonly PartState[]): Promise<void> => {
    await Promise.all(states.map((state) => stopPart(folders, state)))
  }
  const stopServices = async (): Promise<void> => {
    // Stop first what would submit the jobs again.
    await stopAll(readPartStates(folders).filter(({ name }) => isService(kindOf(name) as PartKind)))
    await stopAll(readPartStates(folders).filter(({ name }) => isFlink(kindOf(name) as PartKind)))
  }
  const down = async (): Promise<void> => {
    await stopServices()
    // One after the other: Kafka deregisters from ZooKeeper.
    for (const name of ['registry', 'kafka', 'zookeeper'])
      await stopAll(readPartStates(folders).filter((state) => state.name === name))
  }
  return {
    name: 'local',
    start: (pipeline) => startLocalStack(context, pipeline, stopAll),
    readStatus: async () => {
      const states = readPartStates(folders).toSorted(byOrder)
      const engine = states.find(({ name }) => name === 'engine')
      const parts = states.map((state) => readPartStatus(folders, states, state))
      const jobs = isSupervised(engine) ? readJobStatus(engine.port) : Promise.resolve([])
      return [...(await Promise.all(parts)), ...(await jobs)]
    },
    stop: stopServices,
    down,
    removeData: async () => {
      await down()
      const removed = [
        folders.kafka,
        folders.zookeeper,
        folders.engine,
        folders.registry,
        folders.log,
        folders.config,
        folders.run,
        folders.secure,
      ]
      for (const folder of removed) await rm(folder, { recursive: true, force: true })
      return removed
    },
    runTool: (name, args) => runLocalTool(context, name, args),
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

const byOrder = (left: PartState, right: PartState): number =>
  partOrder.indexOf(kindOf(left.name)) - partOrder.indexOf(kindOf(right.name)) ||
  left.name.localeCompare(right.name, 'en', { numeric: true })

const readPartStatus = async (folders: Folders, all: readonly PartState[], state: PartState): Promise<PartStatus> => {
  const { name, port, phase, restarts, child } = state
  const base = { name, ...(port === 0 ? {} : { port }), restarts, process: child ? `pid ${child.pid}` : '-' }
  if (phase === 'done') return { ...base, state: 'done', health: '-' }
  if (phase === 'failed') return { ...base, state: 'failed', health: '-', reason: 'wrong settings, see its log' }
  if (!isSupervised(state)) return { ...base, state: 'stopped', health: '-', reason: 'its supervisor was killed' }
  if (phase === 'pausing') return { ...base, state: 'restarting', health: 'unhealthy' }
  const probe = await probePart(folders, all, state)
  return {
    ...base,
    state: 'running',
    ...(probe.ok ? { health: 'healthy' } : { health: 'unhealthy', reason: probe.reason }),
  }
}

const probePart = (folders: Folders, all: readonly PartState[], { name, port }: PartState): Promise<Probe> => {
  if (name === 'jobmanager') return probeJobManager(port)
  if (kindOf(name) === 'taskmanager') {
    return probeTaskManager(name, all.find((state) => state.name === 'jobmanager')?.port ?? 0)
  }
  if (name === 'registry') return probeRegistry(port)
  if (name === 'zookeeper') return probeZookeeper(port)
  return name === 'kafka' ? probeKafka(port, readBrokerCa(folders)) : probeService(port)
}
