import type { AnyDefinition } from './definition.js'
import { namesOfTopic } from './topology.js'

/** How a topic's records become rows of a CSV file. */
export type Result = {
  readonly kind: 'rows'
  /** Names of fields, dotted paths (`station.id`), `$key`, `$deleted`. */
  readonly columns: readonly string[]
  /** Its first row is what `make` waits for. */
  readonly first: boolean
  /** In RESULTS_DIR; undefined: `<pipeline>/<topic>.csv`. */
  readonly file: string | undefined
}

/** The reader writes one row for each record, with these columns. */
export const rows = (
  columns: readonly string[],
  { first = false, file }: { readonly first?: boolean; readonly file?: string } = {},
): Result => ({ kind: 'rows', columns, first, file })

/** A result, with the topic that is read and the file that is written. */
export type PlannedResult = {
  readonly alias: string
  readonly topic: string
  /** In RESULTS_DIR. */
  readonly file: string
  readonly columns: readonly string[]
  /** Whether `make` waits for its first row: one result at most. */
  readonly isAwaited: boolean
}

/** All results of a definition without faults, in its order. A topic with several names has a file for each. */
export const listResults = ({ name, topics, results = {} }: AnyDefinition): readonly PlannedResult[] => {
  const awaited = Object.entries(results).find(([, { first }]) => first)?.[0] ?? Object.keys(results)[0]
  return Object.entries(results).flatMap(([alias, { columns, file }]) => {
    const topic = topics[alias]
    if (!topic) return []
    return namesOfTopic(topic).map((topicName, index) => ({
      alias,
      topic: topicName,
      file: file ?? `${name}/${topicName}.csv`,
      columns,
      isAwaited: alias === awaited && index === 0,
    }))
  })
}
