/** The users of a secured broker: one for each service that each stack has. */
export const serviceUsers = ['producer', 'etl', 'reader', 'console'] as const
/** The engine and its Flink, where they are a part of the stack. */
export const engineUser = 'engine'
export type ServiceUser = (typeof serviceUsers)[number] | typeof engineUser

export type AccessOperation = 'Read' | 'Write' | 'Delete' | 'Describe' | 'DescribeConfigs'

/** Lets a user do something with one resource, or with all whose names start so. */
export type AccessRule = {
  readonly user: ServiceUser
  readonly resource: 'topic' | 'group' | 'transactionalId'
  readonly name: string
  readonly pattern: 'literal' | 'prefixed'
  readonly operations: readonly AccessOperation[]
  readonly purpose: string
}

/** The topics of a pipeline, by what the services do with them. */
export type AccessNames = {
  /** The producer sends to them. */
  readonly sent: readonly string[]
  /** The ETL reads them. */
  readonly read: readonly string[]
  /** The ETL writes to them, dead letters included. */
  readonly written: readonly string[]
  /** The reader reads them. */
  readonly results: readonly string[]
  /** Others that the pipeline names, such as those of the engine's jobs: services look whether they are there. */
  readonly named?: readonly string[]
  /** ETL_GROUP_ID */
  readonly groupId: string
}

/**
 * What each service needs of a broker with ACLs, and nothing else. Read and Write imply Describe. Nobody may create or
 * grow topics: that is done beforehand, by whoever grants this (docs/operations.md, "Secured stack").
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

/** It shows whatever topic and group it is asked for, and can write nowhere. */
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
    // Up to the first slash: a broker with ZooKeeper takes no rule whose name holds one.
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
    // Up to the first slash, as above.
    name: groupId,
    pattern: 'prefixed',
    operations: ['Write'],
    purpose: 'has a transactional id for each input partition',
  },
]

/** What the jobs of the engine do with Kafka. */
export type EngineAccessNames = {
  readonly read: readonly string[]
  readonly written: readonly string[]
  readonly groups: readonly string[]
  readonly transactionalIdPrefixes: readonly string[]
}

/** What the engine and its Flink need, where they are a part of the stack. */
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
    // Up to the first slash, as above.
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
