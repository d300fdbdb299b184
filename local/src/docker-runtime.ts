import { existsSync, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { presentText } from '@kafka-etl/common'
import { execInKafka, followCompose, readCompose, readDockerFolder, runCompose } from './compose-command.js'
import { addProfile, describeComposeCommand, profileNames, profilesOf } from './compose-profiles.js'
import { writeOwnSettings } from './compose-settings.js'
import { readJobStatus } from './engine/engine-status.js'
import { parseComposeStatus } from './compose-status.js'
import { checkPorts } from './docker-ports.js'
import { defaultPipeline } from './engine/engine-choice.js'
import { findHeavyContainers, requireSpace } from './heavy-parts.js'
import { planToolCall } from './kafka-tools.js'
import { chooseProfiles, findSurplus } from './optional-profiles.js'
import { kindOf } from './part.js'
import type { PartStatus } from './part-status.js'
import { registryUser } from './registry/registry-access.js'
import { hasOwnRegistry } from './registry/registry-choice.js'
import type { Runtime, RuntimeContext } from './runtime.js'
import { planSecureFolder } from './secure/credentials.js'
import { ensureContainerSecrets, prepareContainers, secureComposeEnvironment } from './secure/docker-secure.js'

/** All services except the broker and the registry. */
const stoppedServices = ['producer', 'etl', 'reader', 'console', 'engine', 'taskmanager', 'jobmanager']

type DockerContext = RuntimeContext & {
  /** `uid:gid` of the user of `make`, who should own results.csv. Undefined if the system has none. */
  readonly user: string | undefined
  readonly print: (line: string) => void
}

/** The stack of docker-compose.yml. Make adds the waiting, the owner of results.csv, and the port check. */
export const createDockerRuntime = (context: DockerContext): Runtime => {
  const { folders } = context
  const environment = composeEnvironment(context)
  const named = (): string | undefined => presentText(environment.COMPOSE_PROFILES) ?? context.dotenv.COMPOSE_PROFILES
  const compose = (...args: string[]): Promise<void> => runCompose(folders.root, environment, args)
  const read = (...args: string[]): Promise<string> => readCompose(folders.root, environment, args)
  const readStatus = async (): Promise<readonly PartStatus[]> => {
    const parts = parseComposeStatus(await read('ps', '--all', '--format', 'json'))
    const engine = parts.find(({ name, state }) => name === 'engine' && state === 'running')
    return [...parts, ...(engine?.port === undefined ? [] : await readJobStatus(engine.port))]
  }
  return {
    name: 'docker',
    start: async (pipeline) => {
      const profiles = chooseProfiles(context, pipeline, environment)
      for (const profile of profiles) environment.COMPOSE_PROFILES = addProfile(named(), profile)
      const isRegistryOurs = profiles.includes('registry') && !hasOwnRegistry({ ...context.dotenv, ...environment })
      if (context.settings.secure && isRegistryOurs) environment.SECURE_REGISTRY_USER = registryUser
      if (pipeline.name !== defaultPipeline && environment.SECURE_DIR === undefined)
        context.say(`Without make: ${describeComposeCommand(pipeline.name, profiles)}`)
      mkdirSync(folders.results, { recursive: true })
      addComposeFile(environment, writeOwnSettings(folders, pipeline))
      const running = await readStatus()
      await checkPorts(context.settings, profiles, running)
      const heavy = findHeavyContainers(profiles, running, context.settings)
      if (heavy.length > 0) await requireSpace(heavy, await readDockerFolder())
      for (const { profile, services } of findSurplus(named(), running))
        await compose('--profile', profile, 'rm', '--stop', '--force', ...services)
      await compose('build', '--quiet')
      await ensureContainerSecrets(context)
      if (context.settings.secure) {
        await compose('up', '--detach', 'kafka')
        await prepareContainers(context, pipeline, profileNames(named()))
      }
      // The port range of several ETL instances may include the reader's port: the reader takes it first.
      if (context.settings.etlInstances > 1) await compose('up', '--detach', 'reader')
      await compose('up', '--detach', '--remove-orphans')
    },
    readStatus,
    stop: () => compose('--profile', 'engine', 'stop', ...stoppedServices),
    down: () => compose('--profile', '*', 'down', '--remove-orphans'),
    removeData: async () => {
      await compose('--profile', '*', 'down', '--volumes', '--remove-orphans')
      await rm(folders.secure, { recursive: true, force: true })
      return ["the volumes of Kafka's, ZooKeeper's, the registry's and the engine's data", folders.secure]
    },
    runTool: (name, args) => {
      const clientFile =
        existsSync(planSecureFolder(folders.secure).adminClientFile) && context.settings.secure
          ? '/secure/admin-client.properties'
          : undefined
      return execInKafka(folders.root, environment, planToolCall(name, args, { bootstrap: 'kafka:9092', clientFile }))
    },
    readLastLogLines: async (part, count) =>
      (await read('logs', '--no-color', '--no-log-prefix', '--tail', String(count), kindOf(part)))
        .split('\n')
        .filter(Boolean),
    followLogs: (service, stopping) =>
      followCompose({
        root: folders.root,
        environment,
        services: service === undefined ? [] : [kindOf(service)],
        stopping,
        print: context.print,
      }),
  }
}

const addComposeFile = (environment: NodeJS.ProcessEnv, file: string | undefined): void => {
  if (file === undefined) return
  environment.COMPOSE_FILE = [presentText(environment.COMPOSE_FILE) ?? 'docker-compose.yml', file].join(':')
}

const composeEnvironment = ({
  environment,
  settings,
  folders,
  user,
  pipelineName,
}: DockerContext): NodeJS.ProcessEnv => {
  const { etlHttpPort, etlInstances } = settings
  return {
    ...environment,
    PIPELINE: pipelineName,
    RESULTS_DIR: folders.results,
    // Bake needs buildx, which not every engine has, and makes three small images no faster.
    COMPOSE_BAKE: 'false',
    ...(user === undefined ? {} : { RESULTS_USER: user }),
    ...secureComposeEnvironment({ folders, settings, environment }, user),
    CONSOLE: settings.console ? '1' : '0',
    ...profilesOf(settings, environment),
    ...(etlInstances > 1 ? { HTTP_PORTS_OF_ETL: `${etlHttpPort}-${etlHttpPort + etlInstances + 8}` } : {}),
  }
}
