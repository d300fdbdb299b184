import { join } from 'node:path'
import type { Candidate } from './candidate.js'
import { peerEnvironment } from './peer-environment.js'
import { preparePython, pythonOf } from './python.js'

export const pathway = { name: 'pathway', version: '0.33.0' }

/** Pathway's own Kafka ETL. Its outputs have no order. */
export const pathwayPeer: Candidate = {
  name: 'pathway',
  title: `Pathway ${pathway.version}`,
  guarantee: 'at least once, unordered',
  checkLevel: 'value',
  outputPartitions: () => 1,
  prepare: preparePython(pathway),
  commands: (job) => [
    {
      command: pythonOf(pathway, job.folders),
      args: [join(job.folders.bench, 'peers', 'pathway', 'etl.py')],
      cwd: job.folders.data,
      environment: { ...peerEnvironment(job), COMMIT_MS: '100', DO_NOT_TRACK: '1' },
    },
  ],
}
