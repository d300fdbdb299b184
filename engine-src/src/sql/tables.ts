import type { Statement } from './split-statements.js'

/** A table of a SQL file that stands for topics of Kafka. */
export type TopicTable = {
  readonly name: string
  readonly topics: readonly string[]
  /** Records of one key replace each other. */
  readonly isUpsert: boolean
  /** Something is inserted into it. */
  readonly isSink: boolean
  /** The consumer group that commits for it. */
  readonly groupId?: string | undefined
  readonly transactionalIdPrefix?: string | undefined
}

/** What stands in WITH, by key. */
export type TableOptions = Readonly<Record<string, string>>

const creation = /^CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(`[^`]+`|\w+)/i
const optionPair = /'((?:[^']|'')+)'\s*=\s*'((?:[^']|'')*)'/g
const insertion = /\bINSERT\s+INTO\s+(`[^`]+`|\w+)/gi

const unquote = (name: string): string => name.replaceAll('`', '')

/** The tables that a file's statements make on Kafka, with the options that a table takes over by LIKE. */
export const findTopicTables = (statements: readonly Statement[]): readonly TopicTable[] => {
  const sinks = new Set(
    statements.flatMap(({ text }) => [...text.matchAll(insertion)].map(([, name = '']) => unquote(name))),
  )
  const optionsByTable = new Map<string, TableOptions>()
  for (const { text } of statements) {
    const [, name] = creation.exec(text) ?? []
    if (name === undefined) continue
    optionsByTable.set(unquote(name), { ...inheritedOptions(text, optionsByTable), ...ownOptions(text) })
  }
  return [...optionsByTable].flatMap(([name, { connector = '', topic = '', ...options }]) =>
    connector.includes('kafka') && topic !== ''
      ? [
          {
            name,
            topics: topic.split(';'),
            isUpsert: connector === 'upsert-kafka',
            isSink: sinks.has(name),
            groupId: options['properties.group.id'],
            transactionalIdPrefix: options['sink.transactional-id-prefix'],
          },
        ]
      : [],
  )
}

/**
 * The statement with options that its table has not got, if it makes one on Kafka. A table that is like another takes
 * them over with the other's.
 */
export const addKafkaOptions = (statement: Statement, options: TableOptions): Statement => {
  const own = ownOptions(statement.text)
  if (!creation.test(statement.text) || !own.connector?.includes('kafka')) return statement
  const added = Object.entries(options)
    .filter(([key]) => own[key] === undefined)
    .map(([key, value]) => `${quote(key)} = ${quote(value)}, `)
  // On the same line: Flink names lines in what it refuses.
  return { ...statement, text: statement.text.replace(/\bWITH\s*\(/i, (start) => `${start}${added.join('')}`) }
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

const ownOptions = (text: string): TableOptions => {
  const [options = ''] = /\bWITH\s*\([^]*$/i.exec(text) ?? []
  return Object.fromEntries([...options.matchAll(optionPair)].map(([, key = '', value = '']) => [key, value]))
}

const inheritedOptions = (text: string, known: ReadonlyMap<string, TableOptions>): TableOptions => {
  const [, parent = ''] = /\)\s*LIKE\s+(`[^`]+`|\w+)/i.exec(text) ?? []
  return known.get(unquote(parent)) ?? {}
}
