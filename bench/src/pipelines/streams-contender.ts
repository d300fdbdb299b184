import type { Contender } from '../candidate.js'
import { kafkaStreamsVersion, prepareKafkaStreams, runKafkaStreams } from '../kafka-streams.js'
import type { PipelineJob } from './pipeline-run.js'

export const streamsTitle = `Kafka Streams ${kafkaStreamsVersion}, exactly_once_v2`

/**
 * Kafka Streams with exactly_once_v2 for the work of a pipeline. `environmentOf` sets variables for the peer's main
 * class.
 */
export const createStreamsContender = (
  mainClass: string,
  environmentOf: (job: PipelineJob) => Readonly<Record<string, string>>,
): Contender<PipelineJob> => ({
  name: 'streams-exactly-once',
  title: streamsTitle,
  guarantee: 'exactly once',
  checkLevel: 'value',
  prepare: prepareKafkaStreams,
  commands: (job) => [
    runKafkaStreams(mainClass, 'exactly_once_v2', job, {
      KAFKA_BROKERS: job.bootstrap,
      GROUP_ID: job.id,
      ...environmentOf(job),
    }),
  ],
})
