import { messageOf, type Clock } from '@kafka-etl/common'
import type { FastifyInstance } from 'fastify'
import type { FlinkReader } from '../engine/find-jobs.js'
import { listJobs } from '../engine/list-jobs.js'
import type { Flow, JobList, SubjectList } from '../protocol.js'
import type { RegistryLink } from '../registry/registry-link.js'

export type JobOptions = {
  readonly flink: FlinkReader | undefined
  readonly flow: () => Flow
  readonly schemas: RegistryLink | undefined
  readonly clock: Pick<Clock, 'epochMs'>
}

/** The page's requests about the engine and the registry, if the pipeline uses them. */
export const addJobRoutes = (app: FastifyInstance, { flink, flow, schemas, clock }: JobOptions): void => {
  app.get('/api/jobs', async (): Promise<JobList> => {
    const known = flow().jobs
    if (!flink) return { jobs: [], note: noEngine }
    try {
      return { jobs: await listJobs(flink, known, clock.epochMs()), note: undefined }
    } catch (error) {
      if (known.length > 0) throw new Error(`The engine does not answer: ${messageOf(error)}`, { cause: error })
      return { jobs: [], note: noEngine }
    }
  })
  app.get('/api/schemas', async (): Promise<SubjectList> =>
    schemas ? schemas.listSubjects() : { total: 0, subjects: [], note: noRegistry },
  )
}

const noEngine = 'No engine runs in this stack. It comes with a pipeline that has SQL files, or with `ENGINE=1 make`.'
const noRegistry = 'This pipeline needs no registry: none of its topics has a registered schema.'
