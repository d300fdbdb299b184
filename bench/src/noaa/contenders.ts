import { join } from 'node:path'
import type { Contender } from '../candidate.js'
import { kafkaStreamsVersion, prepareKafkaStreams, runKafkaStreams } from '../kafka-streams.js'
import { createPipelineEtl } from '../pipelines/pipeline-etl.js'
import type { PipelineJob } from '../pipelines/pipeline-run.js'

export const noaaEtl = createPipelineEtl('noaa')

const environmentOf = ({ id, bootstrap, folders }: PipelineJob): Record<string, string> => ({
  KAFKA_BROKERS: bootstrap,
  GROUP_ID: id,
  PIPELINE_FOLDER: join(folders.root, 'pipelines', 'noaa'),
})

const streams: Contender<PipelineJob> = {
  name: 'streams-exactly-once',
  title: `Kafka Streams ${kafkaStreamsVersion}, exactly_once_v2`,
  guarantee: 'exactly once',
  checkLevel: 'value',
  prepare: prepareKafkaStreams,
  commands: (job) => [runKafkaStreams('Noaa', 'exactly_once_v2', job, environmentOf(job))],
}

export const noaaPeers: readonly Contender<PipelineJob>[] = [streams]
