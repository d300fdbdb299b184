import type { Clock } from '@kafka-etl/common'
import type { Admin, Kafka as Client } from 'kafkajs'
import { describeAccess, createAccess, type AccessEntry } from './access-entries.js'
import { findFormerMember } from './former-member.js'
import { describeGroup, type GroupDescription } from './groups.js'
import { readLogRanges, readOffsetsAtTime, type LogRange, type PartitionOffset } from './log-ranges.js'
import {
  commitOffsets,
  readAllCommittedOffsets,
  readCommittedOffsets,
  type CommittedOffset,
  type CommittedOffsetsQuery,
} from './committed-offsets.js'
import { awaitPartitionCounts, repeatWhileBeingMade } from './while-being-made.js'
import { readApiVersions, type ApiVersion } from '../requests/api-versions.js'
import { countPartitions, createDescribeTopics } from './describe-topics.js'
import { readOpenTransactions, type OpenTransaction } from './open-transactions.js'
import { createReadLogPage, type ReadLogPage } from './log-pages.js'
import { readReplicaSizes, type ReplicaSize } from '../requests/log-dirs.js'
import { readTopicSettings, type TopicSettings } from './topic-settings.js'
import { type NewTopic, type PartitionCounts, type TopicDescription } from './topics.js'

export type BrokerAddress = { readonly nodeId: number; readonly host: string; readonly port: number }

export type ClusterDescription = {
  readonly clusterId: string
  /** Undefined while the cluster has no controller. */
  readonly controllerId: number | undefined
  readonly brokers: readonly BrokerAddress[]
}

/** One connection to inspect the cluster, and to change what is not a record. */
export type KafkaAdmin = {
  readonly describeCluster: () => Promise<ClusterDescription>
  /** The requests that the broker supports, with their versions. */
  readonly readApiVersions: () => Promise<readonly ApiVersion[]>
  readonly listTopics: () => Promise<readonly string[]>
  /** How many partitions each topic has; missing topics are absent. Waits for topics that are being created. */
  readonly readPartitionCounts: (topics: readonly string[]) => Promise<PartitionCounts>
  /** The same, but waits some seconds until all topics exist. Rejects if one of them does not appear. */
  readonly awaitPartitionCounts: (topics: readonly string[], least?: PartitionCounts) => Promise<PartitionCounts>
  /** Missing topics are absent. */
  readonly describeTopics: (topics: readonly string[]) => Promise<readonly TopicDescription[]>
  /** The ids of topics (KIP-516). A topic is absent if it does not exist, or if the broker has no ids. */
  readonly readTopicIds: (topics: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** False if the topics existed already. */
  readonly createTopics: (topics: readonly NewTopic[]) => Promise<boolean>
  readonly growTopic: (topic: string, partitions: number) => Promise<void>
  readonly deleteTopics: (topics: readonly string[]) => Promise<void>
  /** The values of the settings `names` of each topic. A setting that the broker does not know is absent. */
  readonly readTopicSettings: (topics: readonly string[], names: readonly string[]) => Promise<TopicSettings>
  /** The logs in the given order of topics, then by partition. Rejects if a topic does not exist. */
  readonly readLogRanges: (topics: readonly string[]) => Promise<readonly LogRange[]>
  /** The open transactions in the topics' partitions (KIP-664). Rejects on brokers before Kafka 3.0. */
  readonly readOpenTransactions: (topics: readonly string[]) => Promise<readonly OpenTransaction[]>
  /** For each partition, the offset of the first record from that time on, or the end offset if there is none. */
  readonly readOffsetsAtTime: (topic: string, epochMs: number) => Promise<readonly PartitionOffset[]>
  /** Fetches one page of a partition, without a consumer group. */
  readonly readLogPage: ReadLogPage
  /** The size in bytes of a broker's replicas of these partitions on disk. */
  readonly readReplicaSizes: (
    nodeId: number,
    topics: ReadonlyMap<string, readonly number[]>,
  ) => Promise<readonly ReplicaSize[]>
  /** The ids of all groups that this user may see. */
  readonly listGroups: () => Promise<readonly string[]>
  readonly describeGroup: (groupId: string) => Promise<GroupDescription>
  /** The id of the group member with this client id: the member that the process was before it was killed. */
  readonly findFormerMember: (groupId: string, clientId: string) => Promise<string | undefined>
  /** One offset for each partition of the topics. Rejects if the broker's response lacks one. */
  readonly readCommittedOffsets: (query: CommittedOffsetsQuery) => Promise<readonly CommittedOffset[]>
  /** All offsets of the group, in the topics that this user may see. */
  readonly readAllCommittedOffsets: (groupId: string) => Promise<readonly CommittedOffset[]>
  /** Works only for a group without members. */
  readonly commitOffsets: (groupId: string, topic: string, offsets: ReadonlyMap<number, bigint>) => Promise<void>
  readonly deleteGroups: (groupIds: readonly string[]) => Promise<void>
  /** What the ACLs of all resources allow and deny, for all users. */
  readonly describeAccess: () => Promise<readonly AccessEntry[]>
  readonly createAccess: (entries: readonly AccessEntry[]) => Promise<void>
  readonly close: () => Promise<void>
}

export type AdminOptions = {
  /** How often to retry a request; by default as often as the client does. */
  readonly retries?: number | undefined
  /** The replicas of new topics that set no number themselves; undefined: the broker's default. */
  readonly replicas?: number | undefined
}

export const connectAdmin = async (
  client: Client,
  clock: Clock,
  { retries, replicas }: AdminOptions = {},
): Promise<KafkaAdmin> => {
  const admin = client.admin(retries === undefined ? {} : { retry: { retries } })
  try {
    await admin.connect()
  } catch (error) {
    await admin.disconnect().catch(() => undefined)
    throw error
  }
  return toKafkaAdmin(admin, clock, replicas)
}

/** Wraps the KafkaJS admin as a {@link KafkaAdmin}. */
export const toKafkaAdmin = (admin: Admin, clock: Clock, replicas = -1): KafkaAdmin => {
  const repeat = <T>(ask: () => Promise<T>): Promise<T> => repeatWhileBeingMade(ask, clock)
  const describe = createDescribeTopics(admin)
  const readCounts = (topics: readonly string[]): Promise<PartitionCounts> =>
    repeat(() => countPartitions(describe, topics))
  return {
    describeCluster: async () => {
      const { clusterId, controller, brokers } = await admin.describeCluster()
      return { clusterId, controllerId: controller ?? undefined, brokers }
    },
    readApiVersions: () => readApiVersions(admin),
    listTopics: () => admin.listTopics(),
    readPartitionCounts: readCounts,
    awaitPartitionCounts: (topics, least) => awaitPartitionCounts(readCounts, topics, clock, least),
    describeTopics: (topics) => repeat(() => describe(topics)),
    readTopicIds: async (topics) => readIds(await repeat(() => describe(topics))),
    createTopics: (topics) =>
      repeat(() =>
        admin.createTopics({
          waitForLeaders: true,
          topics: topics.map((topic) => toTopicConfig({ replicas, ...topic })),
        }),
      ),
    growTopic: async (topic, count) => {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] })
    },
    deleteTopics: (topics) => admin.deleteTopics({ topics: [...topics] }),
    readTopicSettings: (topics, names) => repeat(() => readTopicSettings(admin, topics, names)),
    readLogRanges: (topics) => repeat(() => readLogRanges(admin, describe, topics)),
    readOpenTransactions: (topics) => readOpenTransactions(admin, describe, topics),
    readOffsetsAtTime: (topic, epochMs) => readOffsetsAtTime(admin, topic, epochMs),
    readLogPage: createReadLogPage(admin),
    readReplicaSizes: (nodeId, topics) => readReplicaSizes(admin, nodeId, topics),
    listGroups: async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId),
    describeGroup: (groupId) => describeGroup(admin, groupId),
    findFormerMember: (groupId, clientId) => findFormerMember(admin, groupId, clientId),
    readCommittedOffsets: (query) => repeat(() => readCommittedOffsets(admin, describe, query)),
    readAllCommittedOffsets: (groupId) => repeat(() => readAllCommittedOffsets(admin, groupId)),
    commitOffsets: (groupId, topic, offsets) => commitOffsets(admin, groupId, topic, offsets),
    deleteGroups: async (groupIds) => {
      await admin.deleteGroups([...groupIds])
    },
    describeAccess: () => describeAccess(admin),
    createAccess: (entries) => createAccess(admin, entries),
    close: () => admin.disconnect(),
  }
}

const toTopicConfig = ({ topic, partitions, replicas, settings }: NewTopic & { readonly replicas: number }) => ({
  topic,
  numPartitions: partitions,
  replicationFactor: replicas,
  ...(settings === undefined
    ? {}
    : { configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })) }),
})

const readIds = (described: readonly TopicDescription[]): ReadonlyMap<string, string> =>
  new Map(described.flatMap(({ topic, id }) => (id === undefined ? [] : [[topic, id] as const])))
