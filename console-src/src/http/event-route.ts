import type { FastifyInstance } from 'fastify'
import { topicNamePattern, type Flow } from '../protocol.js'
import type { Sampler } from '../sampling/sampler.js'
import { formatEvent, type EventHub } from './event-hub.js'

export type EventOptions = {
  readonly hub: EventHub
  readonly view: () => { readonly flow: Flow; readonly sampler: Pick<Sampler, 'state' | 'history'> }
  /** Called for each page that connects. */
  readonly onOpen: () => void
}

/** `/api/events?topic=`: sends the state at once, then all changes; with a topic, also its records as they arrive. */
export const addEventRoute = (app: FastifyInstance, { hub, view, onOpen }: EventOptions): void => {
  const querystring = { type: 'object', properties: { topic: { type: 'string', pattern: topicNamePattern } } }
  app.get<{ Querystring: { topic?: string } }>('/api/events', { schema: { querystring } }, ({ query }, reply) => {
    reply.hijack()
    const { raw: response } = reply
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    const { flow, sampler } = view()
    response.write('retry: 1000\n\n')
    response.write(formatEvent('flow', flow))
    response.write(formatEvent('history', sampler.history()))
    response.write(formatEvent('state', sampler.state()))
    hub.open({ topic: query.topic, response })
    onOpen()
  })
}
