import type { AnyValue } from '../schemas/read-any.js'
import type { Clock, Logger, RegistrySettings } from '@kafka-etl/common'
import type { AnyDefinition } from '../definition.js'

export type ConnectFormatsOptions = {
  readonly definition: AnyDefinition
  /** The topics that this process writes. Their schemas must be registered. */
  readonly written: readonly string[]
  readonly settings: RegistrySettings
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly clock: Clock
  /** How long to wait for a registry that does not respond. */
  readonly waitMs: number
  readonly stopping: AbortSignal
}

/** A definition whose formats are bound to their registry. */
export type ConnectedDefinition = {
  readonly definition: AnyDefinition
  /** For a topic whose values name schemas: what to await before decoding its values. */
  readonly prepareOf: (alias: string) => PrepareValues | undefined
}

/** Decodes keys and values of any topic with the schemas of their writers. Fetches each schema once. */
export type ValueDecoder = {
  /** Await this before decoding these values. */
  readonly prepare: PrepareValues
  /** Never throws. Protobuf needs a schema that was registered as a descriptor, as Confluent's clients do. */
  readonly decode: (bytes: Buffer) => AnyValue
}

/**
 * Fetches the unknown schemas that the values name. Undefined if there is nothing to wait for. Rejects if the registry
 * does not respond.
 */
export type PrepareValues = (values: Iterable<Buffer | null>) => Promise<void> | undefined
