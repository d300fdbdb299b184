import type { Contender } from '../candidate.js'
import { kafkaStreamsVersion, prepareKafkaStreams, runKafkaStreams } from '../kafka-streams.js'
import { createPipelineEtl } from '../pipelines/pipeline-etl.js'
import type { PipelineJob } from '../pipelines/pipeline-run.js'

export type RidesFormat = 'json' | 'avro'

export const inputOf = (format: RidesFormat): string => `rides_${format}`

export const streamsTitle = `Kafka Streams ${kafkaStreamsVersion}, exactly_once_v2`

/** This ETL, and the peer that reads the same topic by the same schemas. */
export const ridesEtl = (registryUrl: string): Contender<PipelineJob> =>
  createPipelineEtl('rides', { SCHEMA_REGISTRY_URL: registryUrl })

export const ridesPeer = (format: RidesFormat, registryUrl: string): Contender<PipelineJob> => ({
  name: 'streams-exactly-once',
  title: streamsTitle,
  guarantee: 'exactly once',
  checkLevel: 'value',
  prepare: prepareKafkaStreams,
  commands: (job) => [
    runKafkaStreams('RideStream', 'exactly_once_v2', job, {
      KAFKA_BROKERS: job.bootstrap,
      GROUP_ID: job.id,
      INPUT_TOPIC: inputOf(format),
      FORMAT: format,
      REGISTRY_URL: registryUrl,
    }),
  ],
})
