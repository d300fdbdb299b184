import type { AnyValue } from '../schemas/read-any.js'
import type { Clock, Logger, RegistrySettings } from '@kafka-etl/common'
import type { AnyDefinition } from '../definition.js'

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

/** Decodes keys and values of any topic by the schemas that their writers registered. Each schema is fetched once. */
export type ValueDecoder = {
  /** Has to be waited for before these values are decoded. */
  readonly prepare: PrepareValues
  /** Never throws. Protobuf needs a schema that was registered as a descriptor, as Confluent's clients do. */
  readonly decode: (bytes: Buffer) => AnyValue
}

/**
 * Fetches the schemas that values name and that are not known yet. Undefined if there is nothing to wait for. Rejects if
 * the registry does not answer.
 */
export type PrepareValues = (values: Iterable<Buffer | null>) => Promise<void> | undefined
