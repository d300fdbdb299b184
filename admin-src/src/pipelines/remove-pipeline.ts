import { defaultNames, listSources, namesOfTopic, transactionalIdOf } from '@kafka-etl/pipeline'
import type { ConnectedContext } from '../context.js'
import { listMembers } from '../members.js'
import { marksTopic } from '../dead-letters/replay-marks.js'
import type { Report } from '../report.js'
import { allTopics } from '../topics.js'

/** What a pipeline leaves behind in Kafka. */
type Remains = {
  readonly groups: readonly string[]
  readonly topics: readonly string[]
  /** Topics that another pipeline uses, too: they stay. */
  readonly shared: readonly string[]
  /** Kafka expires these by itself (transactional.id.expiration.ms, 7 days). */
  readonly transactionalIds: readonly string[]
}

/** `pipelines remove`: reports what it would delete of a pipeline in Kafka, and deletes it with `--execute`. */
export const reportRemoval = async (context: ConnectedContext, isExecuted: boolean): Promise<Report> => {
  const remains = await findRemains(context)
  const members = await findMembers(context, remains.groups)
  if (isExecuted) {
    const { admin } = context
    if (members.length > 0) {
      throw new Error(`expected ${members.join('; ')}: stop the services first (make stop); nothing was removed`)
    }
    if (remains.groups.length > 0) await admin.deleteGroups(remains.groups)
    if (remains.topics.length > 0) await admin.deleteTopics(remains.topics)
  }
  return { text: format(remains, isExecuted, members), json: { dryRun: !isExecuted, ...remains }, exitCode: 0 }
}

const findRemains = async ({ admin, pipeline, definitions }: ConnectedContext): Promise<Remains> => {
  const { definition, names } = pipeline
  const { name } = definition
  const own = [...allTopics(pipeline), ...Object.values(definition.topics).flatMap(namesOfTopic), marksTopic(names)]
  const existing = await admin.listTopics()
  const topics = [...new Set(own)].filter((topic) => existing.includes(topic))
  const others = new Set(definitions.names().flatMap((other) => (other === name ? [] : topicsOf(definitions, other))))
  const counts = await admin.readPartitionCounts(
    listSources(definition)
      .map(({ topic }) => topic)
      .filter((topic) => topics.includes(topic)),
  )
  const groups = await admin.listGroups()
  const isOwn = (group: string): boolean =>
    group === names.groupId || group.startsWith(`producer-${name}-`) || group.startsWith(`${names.groupId}-admin-`)
  return {
    groups: groups.filter(isOwn).sort(),
    topics: topics.filter((topic) => !others.has(topic)),
    shared: topics.filter((topic) => others.has(topic)),
    transactionalIds: [...counts].flatMap(([topic, partitions]) =>
      Array.from({ length: partitions }, (_, partition) => transactionalIdOf(names.groupId, topic, partition)),
    ),
  }
}

const topicsOf = (definitions: ConnectedContext['definitions'], name: string): readonly string[] => {
  const definition = definitions.find(name)
  return [...Object.values(definition.topics).flatMap(namesOfTopic), defaultNames(name).deadLetterTopic]
}

/** A sentence for each group that has members. */
const findMembers = async ({ admin }: ConnectedContext, groups: readonly string[]): Promise<readonly string[]> => {
  const found: string[] = []
  for (const group of groups) {
    const { members } = await admin.describeGroup(group)
    if (members.length > 0) {
      found.push(`the group ${group} to have no member, got ${members.length}: ${listMembers(members)}`)
    }
  }
  return found
}

const format = (
  { groups, topics, shared, transactionalIds }: Remains,
  isExecuted: boolean,
  members: readonly string[],
): string => {
  const verb = isExecuted ? 'removed' : 'would remove'
  const lines = [
    ...groups.map((group) => `${verb} group ${group}`),
    ...topics.map((topic) => `${verb} topic ${topic}, with all of its records`),
    ...shared.map((topic) => `kept topic ${topic}: another pipeline has it`),
    ...transactionalIds.map((id) => `left to expire: transactional id ${id}`),
  ]
  const verdict = isExecuted
    ? 'Its folder in pipelines/ and its results stay: delete them yourself.'
    : `Dry run, nothing was removed. ${members.length === 0 ? 'Add' : 'Stop the services (make stop), then add'} --execute to do it.`
  return [...(groups.length + topics.length === 0 ? ['Nothing of it is in Kafka.'] : lines), verdict].join('\n')
}
