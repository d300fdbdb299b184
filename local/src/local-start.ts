import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import { waitForBroker, waitForZookeeper, writeBrokerFiles } from './broker-files.js'
import { readIfPresent } from './file-age.js'
import { fingerprint } from './fingerprint.js'
import { engineNeeds, registryNeeds, requireSpace, type HeavyPart } from './heavy-parts.js'
import { ensureJars } from './broker/jars.js'
import { requireJava } from './broker/java-version.js'
import { findTakenPorts, isPortFree } from './broker/ports.js'
import { isEngineOn } from './engine/engine-choice.js'
import { planEngineParts, writeEngineFiles } from './engine/engine-parts.js'
import { ensureFlink } from './engine/flink-jars.js'
import { isFlink, isService, planBroker, planEtlPorts, planServices, type Part } from './part.js'
import { isSupervised, readPartStates, startPart } from './part-control.js'
import { markOf } from './part-mark.js'
import type { PartState } from './part-state.js'
import { ensureRegistryAccess, planRegistryAccess, registryClientEnvironment } from './registry/registry-access.js'
import { hasOwnRegistry, isRegistryOn } from './registry/registry-choice.js'
import { ensureRegistry, planRegistryPart, waitForRegistry } from './registry/registry-part.js'
import { registryUrlOf } from './registry/registry-probe.js'
import type { RuntimeContext } from './runtime.js'
import type { StackPipeline } from './stack-pipeline.js'
import { brokerUsers, ensureCredentials, planSecureFolder } from './secure/credentials.js'
import { prepareAccess } from './secure/prepare-access.js'
import { makeScramUsers } from './secure/scram-users.js'
import { StackError } from './stack-error.js'

export type LocalContext = RuntimeContext & { readonly node: string; readonly print: (line: string) => void }

/** A part as it should run, with its fingerprint. */
type PlannedPart = { readonly part: Part; readonly mark: string }

/**
 * Starts what is not running, restarts what runs with other settings or older code, and stops surplus instances. Kafka
 * and the registry serve requests before the services start. Ports in use are reported before anything starts.
 */
export const startLocalStack = async (
  context: LocalContext,
  pipeline: StackPipeline,
  stopAll: (states: readonly PartState[]) => Promise<void>,
): Promise<void> => {
  const { folders, settings } = context
  if (settings.monitoring || settings.browser) {
    throw new StackError(
      `${settings.monitoring ? 'MONITORING' : 'BROWSER'}: expected RUNTIME=docker with it, got local; monitoring/prometheus.yml shows what a Prometheus of your own has to scrape.`,
    )
  }
  const hasEngine = isEngineOn(settings, pipeline)
  const hasRegistry = isRegistryOn({ settings, pipeline, environment: { ...context.dotenv, ...context.environment } })
  await requireSpace(findHeavyParts(context, { hasEngine, hasRegistry }), folders.data)
  await requireJava()
  await ensureJars({ pom: join(folders.root, 'local', 'pom.xml'), folder: folders.jars, say: context.say })
  if (hasEngine) await ensureFlink({ root: folders.root, folder: folders.flink, say: context.say })
  const registryJava = hasRegistry ? await ensureRegistry(folders, context.say) : undefined
  mkdirSync(folders.results, { recursive: true })
  if (settings.secure) {
    await ensureCredentials(folders.secure, 0o600, Date.now())
    ensureRegistryAccess(folders.secure, 0o600)
  }
  const states = new Map(readPartStates(folders).map((state) => [state.name, state]))
  const environment = serviceEnvironment(context)
  const planned = await planParts(context, pipeline, { states, environment, registryJava })
  const missing = planned.filter(({ part, mark }) => {
    const state = states.get(part.name)
    return !isSupervised(state) || state.fingerprint !== mark
  })
  const surplus = [...states.values()].filter(({ name }) => !planned.some(({ part }) => part.name === name))
  await stopAll([...surplus, ...missing.flatMap(({ part }) => states.get(part.name) ?? [])])
  const faults = await findTakenPorts(missing.map(({ part }) => part))
  if (faults.length > 0) throw new StackError(faults.join('\n'))
  writeBrokerFiles(folders, settings)
  if (hasEngine) writeEngineFiles(folders, settings, pipeline.name)
  const start = ({ part, mark }: PlannedPart): void =>
    startPart({ node: context.node, folders, environment }, part, mark)
  missing.filter(({ part }) => part.kind === 'zookeeper').forEach(start)
  if (settings.secure) await makeUsersOnce(context)
  missing.filter(({ part }) => part.kind === 'kafka' || part.kind === 'registry').forEach(start)
  await waitForBroker(folders, settings)
  if (hasRegistry) await waitForRegistry(folders, settings.registryPort)
  if (settings.secure) {
    const files = planSecureFolder(folders.secure)
    await prepareAccess({
      environment: { ...context.dotenv, ...environment },
      pipeline,
      port: settings.kafkaPort,
      files,
      hasEngine,
    })
  }
  missing.filter(({ part }) => isService(part.kind) || isFlink(part.kind)).forEach(start)
}

/** The heavy parts that do not run yet. */
const findHeavyParts = (
  { folders, settings }: LocalContext,
  { hasEngine, hasRegistry }: { readonly hasEngine: boolean; readonly hasRegistry: boolean },
): readonly HeavyPart[] => {
  const states = readPartStates(folders)
  const runs = (name: string): boolean => isSupervised(states.find((state) => state.name === name))
  const { taskManagers } = settings
  return [
    ...(hasRegistry && !runs('registry') ? [registryNeeds({ isFetched: existsSync(folders.registryJars) })] : []),
    ...(hasEngine && !runs('jobmanager') ? [engineNeeds({ isFetched: existsSync(folders.flink), taskManagers })] : []),
  ]
}

/** Creates the broker's users in ZooKeeper if they are missing, or have other passwords. */
const makeUsersOnce = async ({ folders, settings }: LocalContext): Promise<void> => {
  const files = planSecureFolder(folders.secure)
  const passwords = brokerUsers.map((user) => readIfPresent(files.passwordFileOf(user)))
  const mark = fingerprint([], passwords, {})
  // Next to ZooKeeper's data: it is deleted together with the users.
  const markFile = join(folders.zookeeper, 'users')
  if (readIfPresent(markFile) === mark) return
  await waitForZookeeper(settings.zookeeperPort)
  await makeScramUsers({
    folder: folders.data,
    jars: folders.jars,
    zookeeper: `127.0.0.1:${settings.zookeeperPort}`,
    files,
    jaasFile: files.zookeeperClientFile,
  })
  writeFileSync(markFile, mark)
}

type Planning = {
  readonly states: ReadonlyMap<string, PartState>
  readonly environment: Environment
  /** Undefined: the stack has no registry. */
  readonly registryJava: string | undefined
}

const planParts = async (
  context: LocalContext,
  pipeline: StackPipeline,
  { states, environment, registryJava }: Planning,
): Promise<readonly PlannedPart[]> => {
  const { folders, settings } = context
  const { registryPort } = settings
  const handsOutUrl = registryJava !== undefined && !hasOwnRegistry({ ...context.dotenv, ...environment })
  const etlPorts = await planEtlPorts(settings, async (name, port) => {
    const state = states.get(name)
    return (isSupervised(state) && state.port === port) || isPortFree(port)
  })
  const parts = [
    ...planBroker(folders, settings),
    ...(registryJava === undefined
      ? []
      : [planRegistryPart(folders, { java: registryJava, port: registryPort, isSecure: settings.secure })]),
    ...planServices(context.node, folders, settings, {
      etlPorts,
      pipeline: pipeline.name,
      hasEngine: isEngineOn(settings, pipeline),
      registry: handsOutUrl
        ? {
            SCHEMA_REGISTRY_URL: registryUrlOf(registryPort),
            ...(settings.secure ? registryClientEnvironment(planRegistryAccess(folders.secure)) : {}),
          }
        : undefined,
    }),
    ...(isEngineOn(settings, pipeline) ? planEngineParts(context.node, folders, settings, pipeline.name) : []),
  ]
  return parts.map((part) => ({ part, mark: markOf(context, pipeline, part, environment) }))
}

/** By default, logs are readable; the broker is always the stack's own. */
const serviceEnvironment = ({ environment, dotenv }: LocalContext): Environment => ({
  ...environment,
  ...(environment.LOG_FORMAT || dotenv.LOG_FORMAT ? {} : { LOG_FORMAT: 'pretty' }),
})
