import { retry } from '@kafka-etl/common'
import type { ConnectedDefinition, ConnectFormatsOptions, PrepareValues } from './connected-formats.js'
import type { RegisteredSchema } from '../schemas/registered-schema.js'
import { listRegisteredTopics, mapRegisteredFormats, type RecordPart } from './registered-topics.js'
import { registerSchema } from './register-schemas.js'
import { createRegistryClient, RegistryUnavailable } from './registry-client.js'
import { schemaIdsOf } from './schema-ids.js'
import { createSchemaStore } from './schema-store.js'

/** Registers the schemas of the topics that this process writes, and binds the formats to the registry. */
export const connectRegistry = async (options: ConnectFormatsOptions): Promise<ConnectedDefinition> => {
  const { definition, written, settings, logger, clock, waitMs, stopping } = options
  const registered = listRegisteredTopics(definition)
  const client = createRegistryClient(settings)
  const policy = {
    firstPauseMs: 200,
    longestPauseMs: 5_000,
    timeoutMs: waitMs,
    stopping,
    isRetriable: (error: unknown) => error instanceof RegistryUnavailable,
    onRetry: (error: unknown, pauseMs: number) =>
      logger.warn(`waiting for the registry, next attempt in ${pauseMs} ms: ${String(error)}`),
  }
  const ids = new Map<string, number>()
  const schemas = new Map<number, RegisteredSchema>()
  for (const topic of registered.filter(({ alias }) => written.includes(alias))) {
    const id = await retry(() => registerSchema(client, topic, settings.registryAutoRegister), policy, clock)
    logger.info(`${topic.topic}: writes with schema ${id} of ${topic.subject}`)
    ids.set(idNameOf(topic.alias, topic.part), id)
    schemas.set(id, topic.schema)
  }
  const store = createSchemaStore({
    fetchSchema: client.fetchSchema,
    fetchHighestId: client.fetchHighestId,
    monotonicMs: clock.monotonicMs,
    registered: schemas,
  })
  const prepare: PrepareValues = (values) => store.prepare(schemaIdsOf(values))
  const aliases = new Set(registered.map(({ alias }) => alias))
  return {
    definition: mapRegisteredFormats(definition, (format, alias, part) =>
      format.bind(store, ids.get(idNameOf(alias, part))),
    ),
    prepareOf: (alias) => (aliases.has(alias) ? prepare : undefined),
  }
}

const idNameOf = (alias: string, part: RecordPart): string => `${alias}/${part}`
