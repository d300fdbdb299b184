import type { Statement } from './split-statements.js'

/** A table of a SQL file that represents Kafka topics. */
export type TopicTable = {
  readonly name: string
  readonly topics: readonly string[]
  /** Whether records with the same key replace each other. */
  readonly isUpsert: boolean
  /** Whether something is inserted into it. */
  readonly isSink: boolean
  /** The consumer group that commits for it. */
  readonly groupId?: string | undefined
  readonly transactionalIdPrefix?: string | undefined
}

/** The options in WITH, by key. */
export type TableOptions = Readonly<Record<string, string>>

const creation = /^CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(`[^`]+`|\w+)/i
const optionPair = /'((?:[^']|'')+)'\s*=\s*'((?:[^']|'')*)'/g
const insertion = /\bINSERT\s+INTO\s+(`[^`]+`|\w+)/gi

const unquote = (name: string): string => name.replaceAll('`', '')

/** The tables on Kafka that a file's statements create, including the options that a table inherits by LIKE. */
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
 * Adds options that its table lacks to a statement that creates a table on Kafka. A table created with LIKE inherits
 * them.
 */
export const addKafkaOptions = (statement: Statement, options: TableOptions): Statement => {
  const own = ownOptions(statement.text)
  if (!creation.test(statement.text) || !own.connector?.includes('kafka')) return statement
  const added = Object.entries(options)
    .filter(([key]) => own[key] === undefined)
    .map(([key, value]) => `${quote(key)} = ${quote(value)}, `)
  // Keep it on the same line: Flink names lines in its errors.
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
