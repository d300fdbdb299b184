import { readFileSync } from 'node:fs'
import { commonSettings, createLogger, loadSettings, messageOf, type Environment } from '@kafka-etl/common'
import { prepareBrokerForJobs } from '@kafka-etl/engine/prepare-broker'
import {
  createKafka,
  ensureTopics,
  grantAccess,
  listAccessRules,
  listEngineRules,
  type KafkaAdmin,
} from '@kafka-etl/kafka'
import { listAccessNames, needsOfPipeline } from '@kafka-etl/pipeline'
import { StackError } from '../stack-error.js'
import type { StackPipeline } from '../stack-pipeline.js'
import type { SecureFolder } from './credentials.js'

export type PrepareAccessOptions = {
  readonly environment: Environment
  readonly pipeline: StackPipeline
  readonly port: number
  readonly files: SecureFolder
  /** Whether the stack includes Flink. */
  readonly hasEngine: boolean
}

/** Creates the topics, which no service may create here, and the ACLs that the services need. */
export const prepareAccess = async ({
  environment,
  pipeline: { definition, names, folder, name },
  port,
  files,
  hasEngine,
}: PrepareAccessOptions): Promise<void> => {
  const asAdmin = { ...environment, ...clientEnvironment(files, 'admin'), KAFKA_BROKERS: `localhost:${port}` }
  const secret = { KAFKA_SASL_PASSWORD: readFileSync(files.passwordFileOf('admin'), 'utf8') }
  const loaded = loadSettings(commonSettings, { ...asAdmin, ...secret }, { prefixes: [], knownNames: [] })
  if (!loaded.ok) throw new StackError(`wrong settings\n${loaded.faults.map((fault) => `  ${fault}`).join('\n')}`)
  const { settings } = loaded
  const silent = { logLevel: 'silent', logFormat: 'json' } as const
  const logger = createLogger({ name: 'make', settings: silent, stream: { write: () => undefined } })
  let admin: KafkaAdmin | undefined
  try {
    admin = await createKafka({ clientId: 'make', settings, logger }).connectAdmin()
    await ensureTopics(admin, needsOfPipeline(definition, names), logger)
    await grantAccess(admin, listAccessRules(listAccessNames(definition, names)))
    if (hasEngine) {
      const needs = await prepareBrokerForJobs({ admin, logger, folder, pipeline: name, environment })
      await grantAccess(admin, listEngineRules(needs))
    }
  } catch (error) {
    throw new StackError(`The topics and ACLs of the secured broker could not be made: ${messageOf(error)}`)
  } finally {
    await admin?.close().catch(() => undefined)
  }
}

/** The settings with which a service logs in as `user`. */
export const clientEnvironment = (
  files: SecureFolder,
  user: Parameters<SecureFolder['passwordFileOf']>[0],
): Record<string, string> => ({
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA_FILE: files.caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: '',
  KAFKA_SASL_PASSWORD_FILE: files.passwordFileOf(user),
})
