/** The users of a secured broker. Each stack has one for each service. */
export const serviceUsers = ['producer', 'etl', 'reader', 'console'] as const
/** The user of the engine and its Flink, if the stack includes them. */
export const engineUser = 'engine'
export type ServiceUser = (typeof serviceUsers)[number] | typeof engineUser

export type AccessOperation = 'Read' | 'Write' | 'Delete' | 'Describe' | 'DescribeConfigs'

/** Allows a user to do something with one resource, or with all resources whose names start with this prefix. */
export type AccessRule = {
  readonly user: ServiceUser
  readonly resource: 'topic' | 'group' | 'transactionalId'
  readonly name: string
  readonly pattern: 'literal' | 'prefixed'
  readonly operations: readonly AccessOperation[]
  readonly purpose: string
}

/** The topics of a pipeline, grouped by what the services do with them. */
export type AccessNames = {
  /** The producer sends to these topics. */
  readonly sent: readonly string[]
  /** The ETL reads these topics. */
  readonly read: readonly string[]
  /** The ETL writes to these topics, including the dead letters. */
  readonly written: readonly string[]
  /** The reader reads these topics. */
  readonly results: readonly string[]
  /** Other topics that the pipeline names, such as those of the engine's jobs. Services check whether they exist. */
  readonly named?: readonly string[]
  /** The value of ETL_GROUP_ID. */
  readonly groupId: string
}

/**
 * The least that each service needs on a broker with ACLs. Read and Write imply Describe. No service may create or grow
 * topics: whoever grants these rules does that first (docs/operations.md, "Secured stack").
 */
export const listAccessRules = (names: AccessNames): readonly AccessRule[] => [
  ...(['producer', 'etl', 'reader'] as const).flatMap((user) => describeTopics(user, names)),
  ...listProducerRules(names),
  ...listEtlRules(names),
  ...names.results.map((topic) => topicRule('reader', topic, ['Read'], 'reads what is committed')),
  {
    user: 'reader',
    resource: 'group',
    name: 'reader-',
    pattern: 'prefixed',
    operations: ['Read'],
    purpose: 'commits in a group for each result',
  },
  ...consoleRules,
]

/** The console shows any topic and group, and may write nothing. */
const consoleRules: readonly AccessRule[] = [
  {
    user: 'console',
    resource: 'topic',
    name: '*',
    pattern: 'literal',
    operations: ['Read', 'DescribeConfigs'],
    purpose: 'shows records, offsets and settings',
  },
  {
    user: 'console',
    resource: 'group',
    name: '*',
    pattern: 'literal',
    operations: ['Describe'],
    purpose: 'shows members and committed offsets',
  },
]

const listProducerRules = ({ sent }: AccessNames): readonly AccessRule[] => [
  ...sent.map((topic) =>
    topicRule('producer', topic, ['Read', 'Write'], 'sends records and commits its position with them'),
  ),
  {
    user: 'producer',
    resource: 'group',
    name: 'producer-',
    pattern: 'prefixed',
    operations: ['Read'],
    purpose: "commits each stream's position in a group of its own",
  },
  {
    user: 'producer',
    resource: 'transactionalId',
    // Ends before the first slash: a broker with ZooKeeper accepts no rule whose name contains one.
    name: 'producer',
    pattern: 'prefixed',
    operations: ['Write'],
    purpose: 'is the only writer of its stream in each topic',
  },
]

const listEtlRules = ({ read, written, groupId }: AccessNames): readonly AccessRule[] => [
  ...read.map((topic) => topicRule('etl', topic, ['Read'], 'reads the records')),
  ...written.map((topic) =>
    topicRule('etl', topic, ['Write', 'DescribeConfigs'], 'writes; looks up the largest batch that the topic takes'),
  ),
  {
    user: 'etl',
    resource: 'group',
    name: groupId,
    pattern: 'literal',
    operations: ['Read'],
    purpose: 'its instances share the partitions and commit offsets',
  },
  {
    user: 'etl',
    resource: 'transactionalId',
    // Ends before the first slash, as above.
    name: groupId,
    pattern: 'prefixed',
    operations: ['Write'],
    purpose: 'has a transactional id for each input partition',
  },
]

/** The topics, groups and ids that the engine's jobs use. */
export type EngineAccessNames = {
  readonly read: readonly string[]
  readonly written: readonly string[]
  readonly groups: readonly string[]
  readonly transactionalIdPrefixes: readonly string[]
}

/** The access that the engine and its Flink need, if the stack includes them. */
export const listEngineRules = ({
  read,
  written,
  groups,
  transactionalIdPrefixes,
}: EngineAccessNames): readonly AccessRule[] => [
  ...read.map((topic) => topicRule(engineUser, topic, ['Read'], 'reads what is committed')),
  ...written.map((topic) =>
    topicRule(engineUser, topic, ['Read', 'Write'], 'writes; looks for transactions that it left open'),
  ),
  ...groups.map((name): AccessRule => ({
    user: engineUser,
    resource: 'group',
    name,
    pattern: 'literal',
    operations: ['Read'],
    purpose: 'commits its position, for people to see',
  })),
  ...transactionalIdPrefixes.map((prefix): AccessRule => ({
    user: engineUser,
    resource: 'transactionalId',
    // Ends before the first slash, as above.
    name: prefix.split('/')[0] ?? prefix,
    pattern: 'prefixed',
    operations: ['Write'],
    purpose: 'a pool of transactional ids for each table that it writes',
  })),
]

const describeTopics = (user: ServiceUser, { sent, read, written, results, named = [] }: AccessNames): AccessRule[] =>
  [...new Set([...sent, ...read, ...written, ...results, ...named])].map((topic) =>
    topicRule(user, topic, ['Describe'], 'checks at its start that the topics have the partitions they need'),
  )

const topicRule = (
  user: ServiceUser,
  name: string,
  operations: readonly AccessOperation[],
  purpose: string,
): AccessRule => ({ user, resource: 'topic', name, pattern: 'literal', operations, purpose })
