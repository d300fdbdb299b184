import type { Statement } from './split-statements.js'

/** A table of a SQL file that stands for topics of Kafka. */
export type TopicTable = {
  readonly name: string
  readonly topics: readonly string[]
  /** Records of one key replace each other. */
  readonly isUpsert: boolean
  /** Something is inserted into it. */
  readonly isSink: boolean
}

type Options = Readonly<Record<string, string>>

const creation = /^CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(`[^`]+`|\w+)/i
const optionPair = /'((?:[^']|'')+)'\s*=\s*'((?:[^']|'')*)'/g
const insertion = /\bINSERT\s+INTO\s+(`[^`]+`|\w+)/gi

const unquote = (name: string): string => name.replaceAll('`', '')

/** The tables that a file's statements make on Kafka, with the options that a table takes over by LIKE. */
export const findTopicTables = (statements: readonly Statement[]): readonly TopicTable[] => {
  const sinks = new Set(
    statements.flatMap(({ text }) => [...text.matchAll(insertion)].map(([, name = '']) => unquote(name))),
  )
  const optionsByTable = new Map<string, Options>()
  for (const { text } of statements) {
    const [, name] = creation.exec(text) ?? []
    if (name === undefined) continue
    optionsByTable.set(unquote(name), { ...inheritedOptions(text, optionsByTable), ...ownOptions(text) })
  }
  return [...optionsByTable].flatMap(([name, { connector = '', topic = '' }]) =>
    connector.includes('kafka') && topic !== ''
      ? [{ name, topics: topic.split(';'), isUpsert: connector === 'upsert-kafka', isSink: sinks.has(name) }]
      : [],
  )
}

const ownOptions = (text: string): Options => {
  const [options = ''] = /\bWITH\s*\([^]*$/i.exec(text) ?? []
  return Object.fromEntries([...options.matchAll(optionPair)].map(([, key = '', value = '']) => [key, value]))
}

const inheritedOptions = (text: string, known: ReadonlyMap<string, Options>): Options => {
  const [, parent = ''] = /\)\s*LIKE\s+(`[^`]+`|\w+)/i.exec(text) ?? []
  return known.get(unquote(parent)) ?? {}
}
