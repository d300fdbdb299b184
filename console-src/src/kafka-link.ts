import type { Clock } from '@kafka-etl/common'
import type { Kafka, KafkaAdmin, LogPage, PartitionDescription } from '@kafka-etl/kafka'

/** The console's only access to Kafka. It has read operations only. */
export type KafkaReader = Pick<
  KafkaAdmin,
  | 'describeCluster'
  | 'listTopics'
  | 'describeTopics'
  | 'readTopicSettings'
  | 'readLogRanges'
  | 'readOffsetsAtTime'
  | 'listGroups'
  | 'describeGroup'
  | 'readAllCommittedOffsets'
  | 'readCommittedOffsets'
  | 'readReplicaSizes'
> & {
  readonly readPage: (place: PagePlace) => Promise<LogPage>
}

export type PagePlace = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly maxBytes: number
}

export type KafkaLink = {
  /** Connects if there is no connection. Rejects with the error of Kafka or the network. */
  readonly reader: () => Promise<KafkaReader>
  /** Drops the connection; the next request opens another one. */
  readonly drop: () => Promise<void>
}

const leadersKeptMs = 5_000

export const createKafkaLink = (kafka: Pick<Kafka, 'connectAdmin'>, clock: Pick<Clock, 'monotonicMs'>): KafkaLink => {
  let connecting: Promise<KafkaAdmin> | undefined
  let reader: KafkaReader | undefined
  return {
    reader: async () => {
      connecting ??= kafka.connectAdmin(0)
      const attempt = connecting
      try {
        const admin = await attempt
        reader ??= toReader(admin, clock)
        return reader
      } catch (error) {
        if (connecting === attempt) connecting = undefined
        throw error
      }
    },
    drop: async () => {
      const dropped = connecting
      connecting = undefined
      reader = undefined
      await dropped?.then((admin) => admin.close()).catch(() => undefined)
    },
  }
}

const toReader = (admin: KafkaAdmin, clock: Pick<Clock, 'monotonicMs'>): KafkaReader => {
  const leaders = new Map<string, { readonly atMs: number; readonly partitions: readonly PartitionDescription[] }>()
  const findLeader = async (topic: string, partition: number): Promise<number> => {
    let known = leaders.get(topic)
    if (!known || clock.monotonicMs() - known.atMs > leadersKeptMs) {
      const [described] = await admin.describeTopics([topic])
      if (leaders.size > 1_000) leaders.clear()
      known = { atMs: clock.monotonicMs(), partitions: described?.partitions ?? [] }
      leaders.set(topic, known)
    }
    const leaderId = known.partitions.find((candidate) => candidate.partition === partition)?.leaderId
    if (leaderId === undefined) {
      const message = `There is no partition ${topic}/${partition}, or no broker leads it at present.`
      // The status for the HTTP response.
      throw Object.assign(new Error(message), { statusCode: 404 })
    }
    return leaderId
  }
  return {
    describeCluster: admin.describeCluster,
    listTopics: admin.listTopics,
    describeTopics: admin.describeTopics,
    readTopicSettings: admin.readTopicSettings,
    readLogRanges: admin.readLogRanges,
    readOffsetsAtTime: admin.readOffsetsAtTime,
    listGroups: admin.listGroups,
    describeGroup: admin.describeGroup,
    readAllCommittedOffsets: admin.readAllCommittedOffsets,
    readCommittedOffsets: admin.readCommittedOffsets,
    readReplicaSizes: admin.readReplicaSizes,
    readPage: async ({ topic, partition, offset, maxBytes }) =>
      admin.readLogPage({
        nodeId: await findLeader(topic, partition),
        topic,
        partition,
        offset,
        maxBytes,
        isolation: 'read_committed',
      }),
  }
}
