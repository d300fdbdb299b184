import { readFileSync } from 'node:fs'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { presentText } from '@kafka-etl/common'
import { probeKafka } from '../broker/probe.js'
import { ensureRegistryAccess } from '../registry/registry-access.js'
import type { RuntimeContext } from '../runtime.js'
import { StackError } from '../stack-error.js'
import type { StackPipeline } from '../stack-pipeline.js'
import { ensureCredentials, ensureZookeeperJaas, isZookeeperGuarded, planSecureFolder } from './credentials.js'
import { prepareAccess } from './prepare-access.js'

/** Containers read their secrets as members of the files' group. The folder keeps the group's other members out. */
const containerSecretMode = 0o640

/** The variables of docker-compose.guarded.yml and docker-compose.secure.yml; none if the stack uses neither. */
export const secureComposeEnvironment = (
  { folders, settings, environment }: Pick<RuntimeContext, 'folders' | 'settings' | 'environment'>,
  user: string | undefined,
): Record<string, string> => {
  if (!isZookeeperGuarded(folders.secure, settings)) return {}
  const files = [
    presentText(environment.COMPOSE_FILE) ?? 'docker-compose.yml',
    'docker-compose.guarded.yml',
    ...(settings.secure ? ['docker-compose.secure.yml'] : []),
  ]
  return {
    COMPOSE_FILE: files.join(':'),
    SECURE_DIR: folders.secure,
    SECURE_GROUP: user?.split(':')[1] ?? '1000',
  }
}

/** Creates the containers' secrets if they are missing. */
export const ensureContainerSecrets = async ({
  folders: { secure },
  settings,
}: Pick<RuntimeContext, 'folders' | 'settings'>): Promise<void> => {
  if (settings.secure) {
    await ensureCredentials(secure, containerSecretMode, Date.now())
    ensureRegistryAccess(secure, containerSecretMode)
  } else if (isZookeeperGuarded(secure, settings)) {
    ensureZookeeperJaas(planSecureFolder(secure), containerSecretMode)
  }
}

/** Waits until the containers' broker serves requests, then creates topics and ACLs, also those of the jobs if Flink runs. */
export const prepareContainers = async (
  { settings, folders, environment, dotenv }: RuntimeContext,
  pipeline: StackPipeline,
  profiles: readonly string[],
): Promise<void> => {
  const files = planSecureFolder(folders.secure)
  const ca = readFileSync(files.caFile, 'utf8')
  const deadlineMs = performance.now() + settings.upSeconds * 1000
  for (;;) {
    const probe = await probeKafka(settings.kafkaPort, ca)
    if (probe.ok) break
    if (performance.now() > deadlineMs) {
      throw new StackError(`kafka does not answer after ${settings.upSeconds} s (UP_SECONDS): ${probe.reason}`)
    }
    await sleepFor(300)
  }
  await prepareAccess({
    environment: { ...dotenv, ...environment },
    pipeline,
    port: settings.kafkaPort,
    files,
    hasEngine: profiles.includes('engine') || profiles.includes('*'),
  })
}
