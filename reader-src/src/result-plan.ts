import { filesOfResult, listResults, type AnyDefinition, type Format, type ResultFiles } from '@kafka-etl/pipeline'

/** A file that the reader writes, and the topic of its rows. */
export type ResultPlan = {
  /** Empty if the topic is read without a pipeline. */
  readonly pipeline: string
  readonly topic: string
  readonly files: ResultFiles
  readonly columns: readonly string[]
  /** The format of the topic's values; undefined: JSON. */
  readonly format: Format<unknown> | undefined
}

/** The plans for all results of a pipeline. */
export const planResults = (definition: AnyDefinition): readonly ResultPlan[] =>
  listResults(definition).map(({ topic, file, columns, format }) => ({
    pipeline: definition.name,
    topic,
    files: filesOfResult(file),
    columns,
    format,
  }))

/** The plan for any JSON topic: `RESULTS_DIR/<topic>.csv`. */
export const planTopic = (topic: string, columns: readonly string[]): ResultPlan => ({
  pipeline: '',
  topic,
  files: filesOfResult(`${topic}.csv`),
  columns,
  format: undefined,
})
