import type { Clock, Logger, RegistrySettings } from '@kafka-etl/common'
import type { AnyDefinition } from './definition.js'

export type ConnectFormatsOptions = {
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
  /** For a topic whose values name schemas: what has to be waited for before values of it are read. */
  readonly prepareOf: (alias: string) => PrepareValues | undefined
}

/**
 * Fetches the schemas that values name and that are not known yet. Undefined if there is nothing to wait for. Rejects if
 * the registry does not answer.
 */
export type PrepareValues = (values: Iterable<Buffer | null>) => Promise<void> | undefined

/** Whether a pipeline's topics have schemas in a registry. */
export const hasRegisteredFormats = ({ topics }: AnyDefinition): boolean =>
  Object.values(topics).some(({ value }) => value.registered !== undefined)

/** Connects the formats that have their schemas in a registry; without such formats, nothing is loaded or asked. */
export const connectFormats = async (options: ConnectFormatsOptions): Promise<ConnectedDefinition> => {
  const { definition } = options
  if (!hasRegisteredFormats(definition)) return { definition, prepareOf: () => undefined }
  const { connectRegistry } = await import('./registry/connect-registry.js')
  return connectRegistry(options)
}
