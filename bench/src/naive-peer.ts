import { join } from 'node:path'
import type { Candidate } from './candidate.js'
import { peerEnvironment } from './peer-environment.js'

/** What most people write with KafkaJS: one record at a time. Far too slow for the whole backlog: stopped early. */
export const naivePeer: Candidate = {
  name: 'naive',
  title: 'KafkaJS, eachMessage and send',
  guarantee: 'at least once',
  checkLevel: 'value',
  outputPartitions: () => 1,
  longestSeconds: 8,
  prepare: () => Promise.resolve(undefined),
  commands: (job) => [
    {
      command: process.execPath,
      args: [join(job.folders.bench, 'dist', 'naive-etl.js')],
      cwd: job.folders.data,
      environment: peerEnvironment(job),
    },
  ],
}
