import type { KafkaReader } from '../kafka-link.js'
import type { TopicDetail } from '../protocol.js'

const mostPartitions = 100
const mostGroups = 50
const shownSettings = [
  'cleanup.policy',
  'compression.type',
  'max.message.bytes',
  'message.timestamp.type',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
]

/** A topic's partitions, settings and readers, as far as this user may see them. */
export const describeTopic = async (reader: KafkaReader, topic: string): Promise<TopicDetail> => {
  const logs = await reader.readLogRanges([topic])
  const shown = logs.slice(0, mostPartitions)
  const sizes = await readSizes(reader, topic).catch(() => new Map<number, bigint>())
  const settings = await reader.readTopicSettings([topic], shownSettings).catch(() => undefined)
  return {
    name: topic,
    partitionCount: logs.length,
    partitions: shown.map(({ partition, start, end, stableEnd }) => ({
      partition,
      start: String(start),
      end: String(end),
      stableEnd: String(stableEnd),
      bytes: sizes.get(partition)?.toString(),
    })),
    settings: Object.fromEntries(settings?.get(topic) ?? []),
    readers: await findReaders(reader, topic).catch(() => []),
  }
}

/** The sizes of the leaders' replicas. */
const readSizes = async (reader: KafkaReader, topic: string): Promise<ReadonlyMap<number, bigint>> => {
  const [described] = await reader.describeTopics([topic])
  const leaders = Map.groupBy(described?.partitions ?? [], ({ leaderId }) => leaderId)
  const sizes = new Map<number, bigint>()
  for (const [leaderId, partitions] of leaders) {
    if (leaderId === undefined) continue
    const asked = new Map([[topic, partitions.map(({ partition }) => partition)]])
    for (const { partition, bytes } of await reader.readReplicaSizes(leaderId, asked)) sizes.set(partition, bytes)
  }
  return sizes
}

const findReaders = async (reader: KafkaReader, topic: string): Promise<readonly string[]> => {
  const readers: string[] = []
  for (const id of (await reader.listGroups()).slice(0, mostGroups)) {
    const { members } = await reader.describeGroup(id)
    if (members.some(({ assignment }) => Object.hasOwn(assignment, topic))) readers.push(id)
  }
  return readers
}
