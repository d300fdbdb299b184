import { columnName } from './csv-row.js'
import type { AnyDefinition } from './definition.js'
import type { Format } from './formats/format.js'
import { namesOfTopic } from './topology.js'

/** A result with the topic that it reads and the file that it writes. */
export type PlannedResult = {
  readonly alias: string
  readonly topic: string
  /** The path within RESULTS_DIR. */
  readonly file: string
  readonly columns: readonly string[]
  readonly format: Format<unknown>
  /** Whether `make` waits for the first row of this result; at most one result is awaited. */
  readonly isAwaited: boolean
}

/** All results of a valid definition, in its order. A topic with several names has one file for each. */
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
      format: topic.value,
      isAwaited: alias === awaited && index === 0,
    }))
  })
}

const fileName = /^(?!.*\.\.)[\w-][\w.-]*(?:\/[\w-][\w.-]*)?\.csv$/

/** All faults in a definition's results, one sentence each. */
export const findResultFaults = (definition: AnyDefinition): readonly string[] => {
  const columnFaults = Object.entries(definition.results ?? {}).flatMap(([alias, { columns }]) =>
    [
      ...findColumnFaults(columns),
      ...(columns.includes('$key') && definition.topics[alias]?.keyFormat !== undefined
        ? ['expected a column of the value, got $key, which has a format of its own']
        : []),
    ].map((fault) => `results.${alias}: ${fault}`),
  )
  const aliasOf = new Map<string, string>()
  const fileFaults = listResults(definition).flatMap(({ alias, file, topic }) => {
    const other = aliasOf.get(file)
    aliasOf.set(file, topic)
    if (other !== undefined) return [`results.${alias}: expected a file of its own, got ${file}, as for ${other}`]
    return fileName.test(file)
      ? []
      : [`results.${alias}: expected a file in RESULTS_DIR that ends in .csv, got ${file}`]
  })
  return [...columnFaults, ...fileFaults]
}

/** The faults in the columns of a result, one sentence each. */
export const findColumnFaults = (columns: readonly string[]): readonly string[] => {
  if (columns.length === 0) return ['expected columns, got none']
  const wrong = columns.filter((column) => !columnName.test(column))
  const twice = columns.filter((column, index) => columns.indexOf(column) < index)
  return [
    ...wrong.map((column) => `expected a column (name, dotted path, $key or $deleted), got ${JSON.stringify(column)}`),
    ...twice.map((column) => `expected each column once, got ${column} twice`),
  ]
}
