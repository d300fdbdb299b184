import { filesOfResult, listResults, type AnyDefinition, type Format, type ResultFiles } from '@kafka-etl/pipeline'

/** One file that the reader writes, and the topic that its rows come from. */
export type ResultPlan = {
  /** Empty: the topic is read by itself, without a pipeline. */
  readonly pipeline: string
  readonly topic: string
  readonly files: ResultFiles
  readonly columns: readonly string[]
  /** How the topic's values are written; undefined: as JSON. */
  readonly format: Format<unknown> | undefined
}

/** Every result of a pipeline. */
export const planResults = (definition: AnyDefinition): readonly ResultPlan[] =>
  listResults(definition).map(({ topic, file, columns, format }) => ({
    pipeline: definition.name,
    topic,
    files: filesOfResult(file),
    columns,
    format,
  }))

/** Any topic of JSON: `RESULTS_DIR/<topic>.csv`. */
export const planTopic = (topic: string, columns: readonly string[]): ResultPlan => ({
  pipeline: '',
  topic,
  files: filesOfResult(`${topic}.csv`),
  columns,
  format: undefined,
})
