import { join } from 'node:path'
import type { Contender } from '../candidate.js'
import { pathway } from '../pathway-peer.js'
import { createPipelineEtl } from '../pipelines/pipeline-etl.js'
import type { PipelineJob } from '../pipelines/pipeline-run.js'
import { createStreamsContender } from '../pipelines/streams-contender.js'
import { preparePython, pythonOf } from '../python.js'

export const noaaEtl = createPipelineEtl('noaa')

const environmentOf = ({ id, bootstrap, folders }: PipelineJob): Record<string, string> => ({
  KAFKA_BROKERS: bootstrap,
  GROUP_ID: id,
  PIPELINE_FOLDER: join(folders.root, 'pipelines', 'noaa'),
})

const streams = createStreamsContender('Noaa', environmentOf)

const pathwayPeer: Contender<PipelineJob> = {
  name: 'pathway',
  title: `Pathway ${pathway.version}`,
  guarantee: 'at least once, unordered',
  checkLevel: 'value',
  prepare: preparePython(pathway),
  commands: (job) => [
    {
      command: pythonOf(pathway, job.folders),
      args: [join(job.folders.bench, 'peers', 'pathway', 'noaa.py')],
      cwd: job.folders.data,
      environment: { ...environmentOf(job), COMMIT_MS: '100', DO_NOT_TRACK: '1' },
    },
  ],
}

const aiokafka = { name: 'aiokafka', version: '0.14.0' }

/** Far too slow for the whole backlog: stopped early. */
const aiokafkaPeer: Contender<PipelineJob> = {
  name: 'aiokafka',
  title: `aiokafka ${aiokafka.version}, a record at a time`,
  guarantee: 'at least once',
  checkLevel: 'value',
  longestSeconds: 12,
  prepare: preparePython(aiokafka),
  commands: (job) => [
    {
      command: pythonOf(aiokafka, job.folders),
      args: [join(job.folders.bench, 'peers', 'aiokafka', 'noaa.py')],
      cwd: job.folders.data,
      environment: environmentOf(job),
    },
  ],
}

/** Other programs for the same work. */
export const noaaPeers: readonly Contender<PipelineJob>[] = [streams, pathwayPeer, aiokafkaPeer]
