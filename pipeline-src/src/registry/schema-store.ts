import { serialize } from '@kafka-etl/common'
import type { KnownSchemas, RegisteredSchema } from '../schemas/registered-schema.js'
import { createMissingIds } from './missing-ids.js'

export type SchemaStore = KnownSchemas & {
  /** Fetches those of these ids that are unknown. Undefined if there is nothing to wait for. */
  readonly prepare: (schemaIds: Iterable<number>) => Promise<void> | undefined
}

export type SchemaStoreOptions = {
  /** Undefined if the registry has no schema with this id. Rejects if it does not respond. */
  readonly fetchSchema: (schemaId: number) => Promise<RegisteredSchema | undefined>
  /** The highest id that the registry has assigned so far; undefined: unknown. */
  readonly fetchHighestId: () => Promise<number | undefined>
  readonly monotonicMs: () => number
  /** Schemas that are known from the start, by their ids. */
  readonly registered?: ReadonlyMap<number, RegisteredSchema>
}

const mostAtOnce = 4
/** If more new ids than this arrive at once, most of them may be garbage. */
const mostUnasked = 64

/**
 * The schemas that records have named so far. The meaning of an id never changes: each schema is fetched only once.
 * Failures are not cached. If garbage names endless ids, the store does not request those that the registry cannot have
 * assigned.
 */
export const createSchemaStore = (options: SchemaStoreOptions): SchemaStore => {
  const { fetchSchema, monotonicMs, registered } = options
  const known = new Map(registered)
  const missing = createMissingIds(monotonicMs)
  const lanes = Array.from({ length: mostAtOnce }, serialize)
  const underWay = new Map<number, Promise<void>>()
  const fetchHighest = shareWhileUnderWay(async () => missing.setHighest(await options.fetchHighestId()))

  const fetchOne = async (id: number): Promise<void> => {
    const schema = await fetchSchema(id)
    if (schema) {
      known.set(id, schema)
      missing.remove(id)
    } else missing.add(id)
  }

  const fetchOnce = (id: number): Promise<void> => {
    const lane = lanes[id % lanes.length]
    const fetching = underWay.get(id) ?? lane?.(() => fetchOne(id)).finally(() => underWay.delete(id))
    if (!fetching) throw new Error(`expected a lane for the schema ${id}, found none`)
    underWay.set(id, fetching)
    return fetching
  }

  const isUnknown = (id: number): boolean => !isImpossible(id) && !known.has(id) && !missing.isFresh(id)

  const fetchAll = async (ids: ReadonlySet<number>): Promise<void> => {
    const mayBeGarbage = ids.size > mostUnasked || missing.areMany()
    if (mayBeGarbage && !missing.knowsHighest()) await fetchHighest()
    await Promise.all([...ids].filter(isUnknown).map(fetchOnce))
  }

  return {
    get: (id) => known.get(id) ?? (isImpossible(id) || missing.wasMissing(id) ? 'missing' : undefined),
    prepare: (schemaIds) => {
      const unknown = new Set<number>()
      for (const id of schemaIds) if (isUnknown(id)) unknown.add(id)
      return unknown.size === 0 ? undefined : fetchAll(unknown)
    },
  }
}

/** Registries count from 1. */
const isImpossible = (id: number): boolean => id <= 0

/** Allows one call at a time: callers that arrive meanwhile share its result. */
const shareWhileUnderWay = (call: () => Promise<void>): (() => Promise<void>) => {
  let underWay: Promise<void> | undefined
  return () => (underWay ??= call().finally(() => (underWay = undefined)))
}
