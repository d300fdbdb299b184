import { retry, type Clock, type Logger, type RegistrySettings } from '@kafka-etl/common'
import type { AnyDefinition } from '../definition.js'
import { readFrame } from '../schemas/wire-frame.js'
import { listRegisteredTopics, mapRegisteredFormats } from './registered-topics.js'
import { registerSchema } from './register-schemas.js'
import { createRegistryClient, RegistryUnavailable } from './registry-client.js'
import { createSchemaStore } from './schema-store.js'

export type ConnectRegistryOptions = {
  readonly definition: AnyDefinition
  /** The topics that this process writes: their schemas have to be registered. */
  readonly written: readonly string[]
  readonly settings: RegistrySettings
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly clock: Clock
  /** How long to wait for a registry that does not answer. */
  readonly waitMs: number
  readonly stopping: AbortSignal
}

/** A definition whose formats know their registry. */
export type ConnectedDefinition = {
  readonly definition: AnyDefinition
  /**
   * Fetches the schemas that these values of a topic name and that are not known yet. Undefined if there is nothing to
   * wait for. Rejects if the registry does not answer.
   */
  readonly prepare: (alias: string, values: Iterable<Buffer | null>) => Promise<void> | undefined
}

/** Registers the schemas that are written, and binds the formats to the registry. Without such formats it does nothing. */
export const connectRegistry = async (options: ConnectRegistryOptions): Promise<ConnectedDefinition> => {
  const { definition, written, settings, logger, clock, waitMs, stopping } = options
  const registered = listRegisteredTopics(definition)
  if (registered.length === 0) return { definition, prepare: () => undefined }
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
  for (const topic of registered.filter(({ alias }) => written.includes(alias))) {
    const id = await retry(() => registerSchema(client, topic, settings.registryAutoRegister), policy, clock)
    logger.info(`${topic.topic}: writes with schema ${id} of ${topic.subject}`)
    ids.set(topic.alias, id)
  }
  const store = createSchemaStore({ fetchSchema: client.fetchSchema, monotonicMs: clock.monotonicMs })
  const aliases = new Set(registered.map(({ alias }) => alias))
  return {
    definition: mapRegisteredFormats(definition, (format, alias) => format.bind(store, ids.get(alias))),
    prepare: (alias, values) => (aliases.has(alias) ? store.prepare(schemaIdsOf(values)) : undefined),
  }
}

function* schemaIdsOf(values: Iterable<Buffer | null>): Iterable<number> {
  for (const value of values) {
    const frame = value && readFrame(value)
    if (frame?.ok) yield frame.schemaId
  }
}
