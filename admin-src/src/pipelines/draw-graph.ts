import {
  defaultNames,
  listResults,
  listRoutes,
  listSources,
  namesOfTopic,
  type AnyDefinition,
} from '@kafka-etl/pipeline'
import type { Report } from '../report.js'

/**
 * The pipeline as a Mermaid flowchart: topics are boxes, steps are arrows, results are files. The topics that a step
 * writes come from its text (`to.<topic>`). If a step passes `to` on, the arrows to topics that it may write are
 * dotted.
 */
export const reportGraph = (definition: AnyDefinition): Report => {
  const { topics, name } = definition
  const nodes = Object.entries(topics).map(
    ([alias, topic], index) => ({ alias, id: `t${index}`, names: namesOfTopic(topic).join(', ') }) as const,
  )
  const idOf = (alias: string): string => nodes.find((node) => node.alias === alias)?.id ?? alias
  const readAliases = new Set(listSources(definition).map(({ alias }) => alias))
  const routes = listRoutes(definition)
  const lines = [
    'flowchart LR',
    ...nodes.map(({ id, names }) => `  ${id}["${names}"]`),
    ...routes.map(({ from, to, isGuessed }) => `  ${idOf(from)} ${isGuessed ? '-. may write .->' : '-->'} ${idOf(to)}`),
    `  dead["${defaultNames(name).deadLetterTopic}"]`,
    ...[...readAliases].map((alias) => `  ${idOf(alias)} -. rejected .-> dead`),
    ...listResults(definition).flatMap(({ alias, file }, index) => [
      `  r${index}[/"results/${file}"/]`,
      `  ${idOf(alias)} --> r${index}`,
    ]),
  ]
  return { text: lines.join('\n'), json: { pipeline: name, routes }, exitCode: 0 }
}
