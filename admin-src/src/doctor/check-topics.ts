import { planTopics, readPartitionCounts } from '@kafka-etl/common'
import type { ConnectedContext } from '../context.js'
import { inputTopics } from '../log-range.js'
import type { Check } from './check.js'

/** Whether every topic is there, has the partitions it needs, and each of those a leader. */
export const checkTopics = async ({ admin, settings }: ConnectedContext): Promise<readonly Check[]> => {
  const topics = [...inputTopics(settings), settings.outputTopic, settings.deadLetterTopic]
  const counts = await readPartitionCounts(admin, topics)
  const { create, grow } = planTopics(settings, counts)
  const needed = new Map(grow.map(({ topic, count }) => [topic, count]))
  const missing = create.map(({ topic }): Check => ({
    name: 'topics',
    status: 'fail',
    message: `${topic} is missing, or this user may not see it`,
    advice: 'start a service, which creates it (make up); with ACLs, give this user Describe on it',
  }))
  const leaderless = await findLeaderless(admin, [...counts.keys()])
  const present = topics.flatMap((topic) => {
    const count = counts.get(topic)
    return count === undefined ? [] : [judge(topic, count, needed.get(topic), leaderless.get(topic) ?? [])]
  })
  return [...missing, ...present]
}

const judge = (topic: string, count: number, needed: number | undefined, leaderless: readonly number[]): Check => {
  const has = `${topic} has ${count} partition${count === 1 ? '' : 's'}`
  if (leaderless.length > 0) {
    return {
      name: 'topics',
      status: 'fail',
      message: `${has}, without a leader: ${leaderless.join(', ')}`,
      advice: 'start the brokers that hold them',
    }
  }
  if (needed === undefined) return { name: 'topics', status: 'ok', message: has }
  return {
    name: 'topics',
    status: 'fail',
    message: `${has}, expected ${needed}: one for each input partition`,
    advice: 'start the ETL, which grows it',
  }
}

const findLeaderless = async (
  admin: ConnectedContext['admin'],
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> => {
  if (topics.length === 0) return new Map()
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] })
  return new Map(
    metadata.topics.map(({ name, partitions }) => [
      name,
      partitions.filter(({ leader }) => leader < 0).map(({ partitionId }) => partitionId),
    ]),
  )
}
