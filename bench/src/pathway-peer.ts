import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Candidate } from './candidate.js'
import type { Folders } from './folders.js'
import { describeFailure, peerEnvironment } from './peer-environment.js'

const run = promisify(execFile)

export const pathwayVersion = '0.33.0'

const environmentOf = (folders: Folders): string => join(folders.data, 'pathway-venv')
const pythonOf = (folders: Folders): string => join(environmentOf(folders), 'bin', 'python')

/** Pathway's own Kafka ETL, from PyPI, in a virtual environment of its own. Its outputs have no order. */
export const pathwayPeer: Candidate = {
  name: 'pathway',
  title: `Pathway ${pathwayVersion}`,
  guarantee: 'at least once, unordered',
  checkLevel: 'value',
  outputPartitions: () => 1,
  prepare: async (folders, say) => {
    try {
      const folder = environmentOf(folders)
      if (!existsSync(pythonOf(folders))) await run('python3', ['-m', 'venv', folder])
      const isThere = await run(pythonOf(folders), ['-m', 'pip', 'show', '-q', 'pathway']).catch(() => undefined)
      if (!isThere) {
        say(`installing Pathway ${pathwayVersion} into ${folder} (once)`)
        await run(pythonOf(folders), ['-m', 'pip', 'install', '-q', `pathway==${pathwayVersion}`])
      }
      return undefined
    } catch (error) {
      return describeFailure(error)
    }
  },
  commands: (job) => [
    {
      command: pythonOf(job.folders),
      args: [join(job.folders.bench, 'peers', 'pathway', 'etl.py')],
      cwd: job.folders.data,
      environment: { ...peerEnvironment(job), COMMIT_MS: '100', DO_NOT_TRACK: '1' },
    },
  ],
}
