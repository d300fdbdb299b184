import { serialize } from '@kafka-etl/common'
import type { KnownSchemas, RegisteredSchema } from '../schemas/registered-schema.js'

export type SchemaStore = KnownSchemas & {
  /** Fetches what is not known yet of these ids. Undefined if there is nothing to wait for. */
  readonly prepare: (schemaIds: Iterable<number>) => Promise<void> | undefined
}

export type SchemaStoreOptions = {
  /** Undefined: the registry has none of that id. Rejects if it does not answer. */
  readonly fetchSchema: (schemaId: number) => Promise<RegisteredSchema | undefined>
  readonly monotonicMs: () => number
  /** Known from the start, by their ids. */
  readonly registered?: ReadonlyMap<number, RegisteredSchema>
}

/** An id that does not exist may be registered later: it is asked for again after this time, and not before. */
const missingForMs = 30_000
/** Garbage can name four billion ids. What is forgotten is asked for again. */
const mostMissing = 65_536
const mostAtOnce = 4

/**
 * The schemas that records have named so far. An id never changes its meaning, so each is fetched once, ever. A failure
 * is not kept.
 */
export const createSchemaStore = ({ fetchSchema, monotonicMs, registered }: SchemaStoreOptions): SchemaStore => {
  const known = new Map(registered)
  const missingSince = new Map<number, number>()
  const lanes = Array.from({ length: mostAtOnce }, serialize)
  const underWay = new Map<number, Promise<void>>()

  const isKnown = (id: number): boolean => {
    if (known.has(id)) return true
    const since = missingSince.get(id)
    return since !== undefined && monotonicMs() - since < missingForMs
  }

  const fetchOne = async (id: number): Promise<void> => {
    const schema = await fetchSchema(id)
    if (schema) {
      known.set(id, schema)
      missingSince.delete(id)
      return
    }
    missingSince.delete(id)
    missingSince.set(id, monotonicMs())
    const [oldest] = missingSince.keys()
    if (missingSince.size > mostMissing && oldest !== undefined) missingSince.delete(oldest)
  }

  const fetchOnce = (id: number): Promise<void> => {
    const lane = lanes[id % lanes.length]
    const fetching = underWay.get(id) ?? lane?.(() => fetchOne(id)).finally(() => underWay.delete(id))
    if (!fetching) throw new Error(`expected a lane for the schema ${id}, found none`)
    underWay.set(id, fetching)
    return fetching
  }

  return {
    get: (id) => known.get(id) ?? (isImpossible(id) || missingSince.has(id) ? 'missing' : undefined),
    prepare: (schemaIds) => {
      const unknown = new Set<number>()
      for (const id of schemaIds) if (!isImpossible(id) && !isKnown(id)) unknown.add(id)
      if (unknown.size === 0) return undefined
      return Promise.all([...unknown].map(fetchOnce)).then(() => undefined)
    },
  }
}

/** Registries count from 1. */
const isImpossible = (id: number): boolean => id <= 0
