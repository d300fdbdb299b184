import type { Clock } from '@kafka-etl/common'
import type { FastifyInstance } from 'fastify'
import type { FlinkReader } from '../engine/find-jobs.js'
import { listJobs } from '../engine/list-jobs.js'
import type { Flow } from '../protocol.js'
import type { RegistryLink } from '../registry/registry-link.js'

export type JobOptions = {
  readonly flink: FlinkReader | undefined
  readonly flow: () => Flow
  readonly schemas: RegistryLink | undefined
  readonly clock: Pick<Clock, 'epochMs'>
}

/** What the page asks of the engine and of the registry, where the pipeline has them. */
export const addJobRoutes = (app: FastifyInstance, { flink, flow, schemas, clock }: JobOptions): void => {
  app.get('/api/jobs', async (_request, reply) =>
    flink
      ? listJobs(flink, flow().jobs, clock.epochMs())
      : reply.code(404).send({ error: 'This stack has no engine: a pipeline with SQL files has one, or ENGINE=1.' }),
  )
  app.get('/api/schemas', async (_request, reply) =>
    schemas
      ? schemas.listSubjects()
      : reply.code(404).send({ error: 'No topic of this pipeline has its schema in a registry.' }),
  )
}
