import { formatTable } from '@kafka-etl/common'
import { listResults, listRoutes, listSources, namesOfTopic, type AnyDefinition } from '@kafka-etl/pipeline'
import type { Report } from '../report.js'
import type { Definitions } from './definitions.js'

/** One line for each pipeline: what it reads, what it writes, and its results. */
export const reportPipelines = ({ names, find }: Definitions): Report => {
  const pipelines = names().map((name) => describe(find(name)))
  const rows = pipelines.map(({ name, reads, writes, results }) => [name, ...[reads, writes, results].map(join)])
  return {
    text: formatTable(['PIPELINE', 'READS', 'WRITES', 'RESULTS'], rows),
    json: pipelines,
    exitCode: 0,
  }
}

const join = (names: readonly string[]): string => names.join(', ')

const describe = (definition: AnyDefinition) => {
  const { name, topics } = definition
  const topicNames = (alias: string): readonly string[] => {
    const topic = topics[alias]
    return topic ? namesOfTopic(topic) : []
  }
  const written = new Set(listRoutes(definition).map(({ to }) => to))
  return {
    name,
    reads: listSources(definition).map(({ topic }) => topic),
    writes: [...written].flatMap(topicNames),
    results: listResults(definition).map(({ file }) => `results/${file}`),
  }
}
