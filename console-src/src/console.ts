import { join } from 'node:path'
import type { ConsoleSettings, Health, Service } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import type { PipelineContext } from '@kafka-etl/pipeline/service'
import { createFindDecode } from './flow/find-decode.js'
import { planFlow } from './flow/plan-flow.js'
import { addApiRoutes } from './http/api-routes.js'
import { createEventHub } from './http/event-hub.js'
import { addEventRoute } from './http/event-route.js'
import { startPageServer } from './http/start-page-server.js'
import { createKafkaLink } from './kafka-link.js'
import { createRecordReader } from './records/record-reader.js'
import { createTopicWatch } from './records/topic-watch.js'
import { createSampler } from './sampling/sampler.js'

export type ConsoleContext = PipelineContext<ConsoleSettings> & { readonly kafka: Kafka }

const watchedMs = 500
const unwatchedMs = 5_000

/** A page that shows the running stack live. It reads, and has no way to write to Kafka. */
export const createConsole = ({ settings, pipeline, kafka, clock, logger }: ConsoleContext): Service => {
  const flow = planFlow(pipeline.definition, pipeline.names, settings)
  const link = createKafkaLink(kafka, clock)
  const findDecode = createFindDecode(pipeline.definition)
  const records = createRecordReader(findDecode)
  const watch = createTopicWatch(findDecode)
  const sampler = createSampler({ link, flow, services: settings.services, records, clock })
  const hub = createEventHub()
  let wake = new AbortController()

  const sendRecords = async (): Promise<void> => {
    const topics = hub.topics()
    watch.keep(topics)
    for (const topic of topics) {
      const page = await watch.look(await link.reader(), topic)
      if (page.records.length > 0) hub.send('records', { topic, ...page }, topic)
    }
  }

  const look = async (): Promise<void> => {
    const before = sampler.state().kafka
    const { state, point } = await sampler.look()
    hub.send('state', state)
    if (point) hub.send('point', point)
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
          addApiRoutes(app, { link, flow, records })
          addEventRoute(app, { hub, flow, sampler, onOpen: () => wake.abort() })
        },
      }),
  }
}
