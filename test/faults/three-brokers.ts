import { findFreePorts, startKafka, startZookeeper, type Server } from '@kafka-etl/local/broker'
import { Kafka, logLevel } from 'kafkajs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersAsBroker } from '../support/answers.js'
import { testBrokerSettings } from '../support/broker-settings.js'
import { resolveJars } from '../support/jars.js'
import { launchWithTests } from '../support/kafka.js'

/** Three brokers with one ZooKeeper; everything has three replicas, and writing needs two of them in sync. */
export type ThreeBrokers = {
  readonly brokers: readonly Server[]
  /** All three, in the format of KAFKA_BROKERS. */
  readonly bootstrap: string
  readonly createTopics: (topics: Readonly<Record<string, number>>) => Promise<void>
  /** The index in `brokers` of the partition's leader. */
  readonly leaderOf: (topic: string, partition: number) => Promise<number>
  readonly isInSync: (topics: readonly string[]) => Promise<boolean>
  readonly stop: () => Promise<void>
}

const replicated = {
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  'min.insync.replicas': '2',
  'unclean.leader.election.enable': 'false',
  'replica.lag.time.max.ms': '10000',
}

export const startThreeBrokers = async (): Promise<ThreeBrokers> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-three-'))
  const jars = await resolveJars('3.9')
  const [metadataPort = 0, ...ports] = await findFreePorts(4)
  const launch = launchWithTests
  const zookeeper = await startZookeeper({ folder, jars, launch, port: metadataPort })
  const brokers = await Promise.all(
    ports.map((port, id) =>
      startKafka({
        folder: join(folder, String(id)),
        jars,
        launch,
        id,
        metadata: { kind: 'zookeeper', port: metadataPort },
        listeners: [{ name: 'DIRECT', protocol: 'PLAINTEXT', port }],
        settings: { ...testBrokerSettings, ...replicated },
        isReady: () => answersAsBroker(`127.0.0.1:${port}`),
      }),
    ),
  )
  const addresses = ports.map((port) => `127.0.0.1:${port}`)
  const admin = new Kafka({ brokers: addresses, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const partitionsOf = async (topic: string) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics.flatMap(({ partitions }) => partitions)
  }
  return {
    brokers,
    bootstrap: addresses.join(),
    createTopics: async (topics) => {
      const wanted = Object.entries(topics).map(([topic, numPartitions]) => ({
        topic,
        numPartitions,
        replicationFactor: 3,
      }))
      await admin.createTopics({ topics: wanted, waitForLeaders: true })
    },
    leaderOf: async (topic, partition) =>
      (await partitionsOf(topic)).find(({ partitionId }) => partitionId === partition)?.leader ?? -1,
    isInSync: async (topics) => {
      const partitions = (await Promise.all(topics.map(partitionsOf))).flat()
      return partitions.every(({ isr }) => isr.length === 3)
    },
    stop: async () => {
      await admin.disconnect()
      await Promise.all(brokers.map((broker) => broker.stop()))
      await zookeeper.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
