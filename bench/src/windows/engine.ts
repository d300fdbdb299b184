import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePorts } from '@kafka-etl/local/broker'
import {
  ensureFlink,
  planEngineEnvironment,
  planJobManagerCommand,
  planTaskManagerCommand,
  writeFlinkFiles,
  type FlinkSite,
} from '@kafka-etl/local/engine'
import type { BenchContext } from '../bench-context.js'
import type { Contender } from '../candidate.js'
import type { Command } from '../child.js'
import type { PipelineJob } from '../pipelines/pipeline-run.js'

/** Flink as in the stack without Docker, with one TaskManager and only the job of ride-windows.sql. */
export const createWindowsEngine = async ({ broker, folders, say }: BenchContext): Promise<Contender<PipelineJob>> => {
  const jars = join(folders.data, 'flink')
  await ensureFlink({ root: folders.root, folder: jars, say })
  const [restPort = 0, httpPort = 0] = await findFreePorts(2)
  return {
    name: 'flink',
    title: 'Flink SQL 2.3.0, as in the stack',
    guarantee: 'exactly once',
    checkLevel: 'value',
    prepare: () => Promise.resolve(undefined),
    commands: (job) => {
      const folder = join(folders.data, job.id)
      const site = { folder, jars, config: join(folder, 'config') }
      const stateDir = join(folder, 'state')
      // Flink would continue from the state of an earlier bench.
      rmSync(folder, { recursive: true, force: true })
      for (const needed of [join(folder, 'tmp'), stateDir]) mkdirSync(needed, { recursive: true })
      const { zookeeperPort } = broker
      writeFlinkFiles(site.config, {
        restPort,
        zookeeperPort,
        pipeline: job.id,
        stateDir,
        temporaryDir: 'tmp',
        isZookeeperGuarded: false,
      })
      return [
        planJobManagerCommand(site),
        planTaskManagerCommand(site, 'taskmanager-1'),
        planService(job, site, { restPort, httpPort, stateDir }),
      ]
    },
  }
}

type ServicePlace = { readonly restPort: number; readonly httpPort: number; readonly stateDir: string }

/** The service looks for pipelines next to itself: a copy of it has only this job. */
const planService = ({ id, bootstrap, folders }: PipelineJob, site: FlinkSite, place: ServicePlace): Command => {
  const suite = join(site.folder, 'suite')
  cpSync(join(folders.root, 'engine-src', 'dist'), join(suite, 'engine-src', 'dist'), { recursive: true })
  mkdirSync(join(suite, 'pipelines', id), { recursive: true })
  const sql = 'ride-windows.sql'
  copyFileSync(join(folders.root, 'pipelines', 'rides', sql), join(suite, 'pipelines', id, sql))
  return {
    command: process.execPath,
    args: [join(suite, 'engine-src', 'dist', 'main.js')],
    cwd: site.folder,
    environment: {
      ...planEngineEnvironment(site, { ...place, pipeline: id, bootstrap }),
      NODE_ENV: 'production',
      LOG_FORMAT: 'json',
    },
  }
}
