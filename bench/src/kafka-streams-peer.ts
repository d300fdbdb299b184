import { kafkaStreamsVersion, prepareKafkaStreams, runKafkaStreams, type Guarantee } from './kafka-streams.js'
import type { Candidate } from './candidate.js'
import { peerEnvironment } from './peer-environment.js'

/** Kafka Streams with one output partition, which is faster than with two; commits every 100 ms. */
const createKafkaStreamsPeer = (name: string, guarantee: Guarantee, described: string): Candidate => ({
  name,
  title: `Kafka Streams ${kafkaStreamsVersion}, ${guarantee}`,
  guarantee: described,
  checkLevel: 'value',
  outputPartitions: () => 1,
  prepare: prepareKafkaStreams,
  commands: (job) => [runKafkaStreams('Etl', guarantee, job, peerEnvironment(job))],
})

export const kafkaStreamsPeers: readonly Candidate[] = [
  createKafkaStreamsPeer('streams-exactly-once', 'exactly_once_v2', 'exactly once'),
  createKafkaStreamsPeer('streams-at-least-once', 'at_least_once', 'at least once'),
]
