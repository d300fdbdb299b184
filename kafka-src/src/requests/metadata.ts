import { compactArray, compactString, int8, noTags, type ResponseReader } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

/** Version 12 returns topic ids (KIP-516) and creates no topic. It exists since Kafka 3.1. */
export const metadata = { apiKey: 3, apiVersion: 12, apiName: 'Metadata' } as const

export type TopicMetadata = {
  readonly errorCode: number
  readonly topic: string
  /** As kafka-topics prints it; undefined if the broker returns none. */
  readonly id: string | undefined
  readonly partitions: readonly PartitionMetadata[]
}

export type PartitionMetadata = {
  readonly partition: number
  /** -1 for none. */
  readonly leaderId: number
  readonly replicaIds: readonly number[]
  readonly inSyncIds: readonly number[]
}

const idBytes = 16
const noId: Buffer = Buffer.alloc(idBytes)

export const readMetadata = (admin: RequestAdmin, topics: readonly string[]): Promise<readonly TopicMetadata[]> =>
  sendOwnRequest(admin, {
    kind: metadata,
    body: Buffer.concat([
      noTags,
      compactArray(topics, (topic) => Buffer.concat([noId, compactString(topic), noTags])),
      int8(0), // allow_auto_topic_creation
      int8(0), // include_topic_authorized_operations
      noTags,
    ]),
    read: readTopics,
  })

export const readTopics = (reader: ResponseReader): readonly TopicMetadata[] => {
  reader.skipTags()
  reader.int32() // throttle_time_ms
  reader.compactArray(() => skipBroker(reader))
  reader.compactString() // cluster_id
  reader.int32() // controller_id
  return reader.compactArray(() => readTopic(reader))
}

const skipBroker = (reader: ResponseReader): void => {
  reader.int32() // node_id
  reader.compactString() // host
  reader.int32() // port
  reader.compactString() // rack
  reader.skipTags()
}

const readTopic = (reader: ResponseReader): TopicMetadata => {
  const errorCode = reader.int16()
  const topic = reader.compactString()
  const id = reader.bytes(idBytes)
  reader.int8() // is_internal
  const partitions = reader.compactArray(() => readPartition(reader))
  reader.int32() // topic_authorized_operations
  reader.skipTags()
  return { errorCode, topic, id: id.equals(noId) ? undefined : id.toString('base64url'), partitions }
}

const readPartition = (reader: ResponseReader): PartitionMetadata => {
  reader.int16() // error_code: a missing leader, or a replica that is away
  const partition = reader.int32()
  const leaderId = reader.int32()
  reader.int32() // leader_epoch
  const replicaIds = reader.compactArray(() => reader.int32())
  const inSyncIds = reader.compactArray(() => reader.int32())
  reader.compactArray(() => reader.int32()) // offline_replicas
  reader.skipTags()
  return { partition, leaderId, replicaIds, inSyncIds }
}
