import type { KafkaReader } from '../kafka-link.js'
import type { GroupDetail } from '../protocol.js'
import { withoutDeceit } from '../records/shown-bytes.js'

const mostGroups = 50
const mostPlaces = 200

/** Which groups read what, and how far each has come. */
export const listGroups = async (reader: KafkaReader): Promise<readonly GroupDetail[]> => {
  const ids = (await reader.listGroups()).toSorted().slice(0, mostGroups)
  const groups: GroupDetail[] = []
  for (const id of ids) groups.push(await describeGroup(reader, id))
  return groups
}

const describeGroup = async (reader: KafkaReader, id: string): Promise<GroupDetail> => {
  const { state, members } = await reader.describeGroup(id)
  // A producer's group holds positions in its stream, not in a topic.
  const committed = id.startsWith('producer-') ? [] : await reader.readAllCommittedOffsets(id).catch(() => [])
  const assigned = members.flatMap(({ assignment }) => Object.keys(assignment))
  const topics = [...new Set([...assigned, ...committed.map(({ topic }) => topic)])].toSorted()
  const present = (await reader.describeTopics(topics)).map(({ topic }) => topic)
  const logs = present.length === 0 ? [] : await reader.readLogRanges(present).catch(() => [])
  return {
    id: withoutDeceit(id),
    state,
    members: members.map(({ clientId, host, assignment }) => ({
      client: withoutDeceit(clientId),
      host,
      partitions: Object.entries(assignment)
        .flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}/${partition}`))
        .slice(0, mostPlaces),
    })),
    lags: logs.slice(0, mostPlaces).map((log) => {
      const offset = committed.find((one) => one.topic === log.topic && one.partition === log.partition)?.offset
      return {
        place: `${log.topic}/${log.partition}`,
        committed: offset === undefined ? '' : String(offset),
        end: String(log.stableEnd),
        lag: offset === undefined ? -1 : Math.max(0, Number(log.stableEnd - offset)),
      }
    }),
  }
}
