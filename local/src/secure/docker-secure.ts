import { readFileSync } from 'node:fs'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { presentText } from '@kafka-etl/common'
import { probeKafka } from '../broker/probe.js'
import type { RuntimeContext } from '../runtime.js'
import { StackError } from '../stack-error.js'
import type { StackPipeline } from '../stack-pipeline.js'
import { planSecureFolder } from './credentials.js'
import { prepareAccess } from './prepare-access.js'

/** Containers read their secrets as members of the files' group. The folder keeps the group's other members out. */
export const containerSecretMode = 0o640

/** The variables of docker-compose.secure.yml. */
export const secureComposeEnvironment = (
  { folders, environment }: Pick<RuntimeContext, 'folders' | 'environment'>,
  user: string | undefined,
): Record<string, string> => ({
  COMPOSE_FILE: [presentText(environment.COMPOSE_FILE) ?? 'docker-compose.yml', 'docker-compose.secure.yml'].join(':'),
  SECURE_DIR: folders.secure,
  SECURE_GROUP: user?.split(':')[1] ?? '1000',
})

/** Waits until the containers' broker serves requests, then creates its topics and ACLs. */
export const prepareContainers = async (context: RuntimeContext, pipeline: StackPipeline): Promise<void> => {
  const { settings, folders, environment, dotenv } = context
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
    hasEngine: false,
  })
}
