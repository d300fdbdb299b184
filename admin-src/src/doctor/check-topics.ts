import {
  describeOldFormat,
  findOldFormats,
  formatSetting,
  planTopics,
  type KafkaAdmin,
  type TopicDescription,
} from '@kafka-etl/kafka'
import { needsOfPipeline } from '@kafka-etl/pipeline'
import type { ConnectedContext } from '../context.js'
import { outputTopics } from '../topics.js'
import type { Check } from './check.js'
import { readTimestampLimits, type TimestampLimit } from './timestamp-limits.js'

/** Whether every topic exists, has enough partitions with a leader each, and accepts what is written to it. */
export const checkTopics = async ({ admin, pipeline }: ConnectedContext): Promise<readonly Check[]> => {
  const needs = needsOfPipeline(pipeline.definition, pipeline.names)
  const { topics } = needs
  const described = await admin.describeTopics(topics)
  const counts = new Map(described.map(({ topic, partitions }) => [topic, partitions.length]))
  const { create, grow } = planTopics(needs.plan(counts), counts)
  const needed = new Map(grow.map(({ topic, count }) => [topic, count]))
  const missing = create.map(({ topic }): Check => ({
    name: 'topics',
    status: 'fail',
    message: `${topic} is missing, or this user may not see it`,
    advice: 'start a service, which creates it (make up); with ACLs, give this user Describe on it',
  }))
  const leaderless = findLeaderless(described)
  const outputs = outputTopics(pipeline).filter((topic) => counts.has(topic))
  const timestampLimits = await readTimestampLimits(admin, outputs)
  const present = topics.flatMap((topic) => {
    const count = counts.get(topic)
    if (count === undefined) return []
    const limits = timestampLimits.get(topic) ?? []
    return judge({ topic, count, needed: needed.get(topic), leaderless: leaderless.get(topic) ?? [], limits })
  })
  return [...missing, ...present, ...(await checkFormats(admin, outputs))]
}

/** Returns nothing if this user lacks the permission (DescribeConfigs). */
const checkFormats = async (admin: KafkaAdmin, outputs: readonly string[]): Promise<readonly Check[]> => {
  const settings = await admin.readTopicSettings(outputs, [formatSetting]).catch(() => new Map())
  return [...findOldFormats(settings)].map(([topic, release]): Check => {
    const { fault, remedy } = describeOldFormat(topic, release)
    return { name: 'topics', status: 'warn', message: fault, advice: `${remedy}; Kafka 3.0 and later may ignore it` }
  })
}

type Seen = {
  readonly topic: string
  readonly count: number
  readonly needed: number | undefined
  readonly leaderless: readonly number[]
  readonly limits: readonly TimestampLimit[]
}

const judge = ({ topic, count, needed, leaderless, limits }: Seen): readonly Check[] => {
  const has = `${topic} has ${count} partition${count === 1 ? '' : 's'}`
  if (leaderless.length > 0) {
    const message = `${has}, without a leader: ${leaderless.join(', ')}`
    return [{ name: 'topics', status: 'fail', message, advice: 'start the brokers that hold them' }]
  }
  if (needed !== undefined) {
    const message = `${has}, expected ${needed}: one for each input partition`
    return [{ name: 'topics', status: 'fail', message, advice: 'start the ETL, which grows it' }]
  }
  if (limits.length === 0) return [{ name: 'topics', status: 'ok', message: has }]
  return limits.map(({ setting, direction, ms }) => ({
    name: 'topics',
    status: 'warn',
    message: `${has}, and refuses records stamped more than ${ms} ms ${direction} the broker's clock`,
    advice: `an output's timestamp is when the ETL handled it: keep the clocks in sync, or kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${anyMs}`,
  }))
}

/** The largest value of these settings: no limit. */
const anyMs = 2n ** 63n - 1n

const findLeaderless = (described: readonly TopicDescription[]): ReadonlyMap<string, readonly number[]> =>
  new Map(
    described.map(({ topic, partitions }) => [
      topic,
      partitions.filter(({ leaderId }) => leaderId === undefined).map(({ partition }) => partition),
    ]),
  )
