import { join } from 'node:path'
import { createFlinkCluster } from '@kafka-etl/engine/flink/cluster'
import type { ConsoleSettings, Environment, Health, Service } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import { hasRegisteredFormats } from '@kafka-etl/pipeline'
import { ownSettings } from '@kafka-etl/pipeline/running'
import type { PipelineContext } from '@kafka-etl/pipeline/service'
import { createFindDecode } from './flow/find-decode.js'
import { planFlow } from './flow/plan-flow.js'
import { readFlowJobs } from './flow/read-jobs.js'
import { addApiRoutes } from './http/api-routes.js'
import { createEventHub } from './http/event-hub.js'
import { addJobRoutes } from './http/job-routes.js'
import { addEventRoute } from './http/event-route.js'
import { startPageServer } from './http/start-page-server.js'
import { createKafkaLink } from './kafka-link.js'
import { createRecordReader } from './records/record-reader.js'
import { createTopicWatch } from './records/topic-watch.js'
import { createRegistryLink } from './registry/registry-link.js'
import { createSampler, type Sampler } from './sampling/sampler.js'

export type ConsoleContext = PipelineContext<ConsoleSettings> & {
  readonly kafka: Kafka
  /** The variables for SQL files. */
  readonly environment: Environment
}

const watchedMs = 500
const unwatchedMs = 5_000

/** A page that shows the running stack live. It only reads, and cannot write to Kafka. */
export const createConsole = ({ settings, pipeline, kafka, clock, logger, environment }: ConsoleContext): Service => {
  const { definition, names, folder } = pipeline
  const own = ownSettings(settings)
  const flink = settings.engineUrl === undefined ? undefined : createFlinkCluster(settings.engineUrl)
  const jobs = flink ? readFlowJobs(folder, definition.name, environment) : []
  let flow = planFlow(definition, names, own, [])
  const link = createKafkaLink(kafka, clock)
  const schemas = hasRegisteredFormats(definition) ? createRegistryLink(settings, clock) : undefined
  const findDecode = createFindDecode(definition, schemas?.decoder)
  const records = createRecordReader(findDecode)
  const watch = createTopicWatch(findDecode)
  const openSampler = (): Sampler => createSampler({ link, flow, services: settings.services, flink, records, clock })
  let sampler = openSampler()
  const hub = createEventHub()
  let wake = new AbortController()

  const sendRecords = async (): Promise<void> => {
    const topics = hub.topics()
    watch.keep(topics)
    for (const topic of topics) {
      // A topic that is missing, or has no leader, does not hold up the others.
      const page = await watch.look(await link.reader(), topic).catch(() => undefined)
      if (page && page.records.length > 0) hub.send('records', { topic, ...page }, topic)
    }
  }

  /** The engine is optional: its jobs are drawn once it has answered. */
  const drawJobs = (): void => {
    if (jobs.length === 0 || flow.jobs.length > 0) return
    flow = planFlow(definition, names, own, jobs)
    sampler = openSampler()
    hub.send('flow', flow)
  }

  const look = async (): Promise<void> => {
    const before = sampler.state().kafka
    const { state, point } = await sampler.look()
    hub.send('state', state)
    if (point) hub.send('point', point)
    if (state.engine?.ok) drawJobs()
    if (state.kafka.ok !== before.ok) {
      logger.info(state.kafka.ok ? 'Kafka answers' : `Kafka does not answer: ${state.kafka.reason}`)
    }
    if (state.kafka.ok) await sendRecords().catch(() => undefined)
  }

  return {
    run: async (stopping) => {
      while (!stopping.aborted) {
        wake = new AbortController()
        const startedMs = clock.monotonicMs()
        await look()
        const pauseMs = (hub.size() > 0 ? watchedMs : unwatchedMs) - (clock.monotonicMs() - startedMs)
        await clock.sleep(Math.max(50, pauseMs), AbortSignal.any([stopping, wake.signal]))
      }
      hub.close()
      await link.drop()
    },
    liveness: () => ({ ok: true }),
    readiness: (): Health => {
      const { kafka: answer } = sampler.state()
      return answer.ok ? answer : { ok: false, reason: `Kafka does not answer: ${answer.reason}` }
    },
    startHttp: (options) =>
      startPageServer({
        ...options,
        hosts: settings.hosts,
        folder: join(import.meta.dirname, 'page'),
        addRoutes: (app) => {
          addApiRoutes(app, { link, flow: () => flow, records })
          addJobRoutes(app, { flink, flow: () => flow, schemas, clock })
          addEventRoute(app, { hub, view: () => ({ flow, sampler }), onOpen: () => wake.abort() })
        },
      }),
  }
}
