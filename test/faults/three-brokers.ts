import { Kafka, logLevel } from 'kafkajs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersAsBroker, answersOnPort } from '../support/answers.js'
import { findFreePorts } from '../support/free-ports.js'
import { resolveJars } from '../support/jars.js'
import { formatBrokerProperties, formatZookeeperProperties, type BrokerLayout } from '../support/kafka-properties.js'
import { startServer, type Server } from '../support/server.js'

/** Three brokers over one ZooKeeper, everything replicated three times, two copies needed to write. */
export type ThreeBrokers = {
  readonly brokers: readonly Server[]
  /** All three, as KAFKA_BROKERS takes them. */
  readonly bootstrap: string
  readonly createTopics: (topics: Readonly<Record<string, number>>) => Promise<void>
  /** Which of `brokers` leads the partition. */
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

const java = (jars: string, heapMb: number, main: string, file: string) => ({
  command: 'java',
  args: [`-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${jars}/*`, main, file],
  deadlineMs: 120_000,
})

export const startThreeBrokers = async (): Promise<ThreeBrokers> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-three-'))
  const jars = await resolveJars('3.9')
  const [metadataPort = 0, ...ports] = await findFreePorts(4)
  const layouts = ports.map((port, id): BrokerLayout => ({
    flavour: '3.9',
    folder: join(folder, String(id)),
    port,
    metadataPort,
    proxied: [],
    settings: { ...replicated, 'broker.id': String(id) },
  }))
  const zookeeperFile = join(folder, 'zookeeper.properties')
  await mkdir(join(folder, 'zookeeper'))
  await writeFile(
    zookeeperFile,
    formatZookeeperProperties({ flavour: '3.9', folder, port: 0, metadataPort, proxied: [], settings: {} }),
  )
  const zookeeper = await startServer({
    name: 'ZooKeeper',
    ...java(jars, 128, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', zookeeperFile),
    logFile: join(folder, 'zookeeper.log'),
    isReady: () => answersOnPort(metadataPort),
  })
  const brokers = await Promise.all(
    layouts.map(async (layout, id) => {
      await mkdir(layout.folder)
      const file = join(layout.folder, 'server.properties')
      await writeFile(file, formatBrokerProperties(layout))
      return startServer({
        name: `broker ${id}`,
        ...java(jars, 256, 'kafka.Kafka', file),
        logFile: join(layout.folder, 'broker.log'),
        isReady: () => answersAsBroker(`127.0.0.1:${layout.port}`),
      })
    }),
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
