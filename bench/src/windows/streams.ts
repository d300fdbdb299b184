import type { Contender } from '../candidate.js'
import { kafkaStreamsVersion, prepareKafkaStreams, runKafkaStreams } from '../kafka-streams.js'
import type { PipelineJob } from '../pipelines/pipeline-run.js'

/** Kafka Streams with as many threads as the engine's job has subtasks. */
export const windowsStreams: Contender<PipelineJob> = {
  name: 'streams-exactly-once',
  title: `Kafka Streams ${kafkaStreamsVersion}, exactly_once_v2`,
  guarantee: 'exactly once',
  checkLevel: 'value',
  prepare: prepareKafkaStreams,
  commands: (job) => [
    runKafkaStreams('RideWindows', 'exactly_once_v2', job, {
      KAFKA_BROKERS: job.bootstrap,
      GROUP_ID: job.id,
      THREADS: '2',
    }),
  ],
}
