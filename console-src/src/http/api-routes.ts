import type { FastifyInstance } from 'fastify'
import { topicNamePattern, type Flow, type Letter } from '../protocol.js'
import type { KafkaLink } from '../kafka-link.js'
import { describeTopic } from '../topics/describe-topic.js'
import { listTopics } from '../topics/list-topics.js'
import { listGroups } from '../topics/list-groups.js'
import { toLetter } from '../records/letters.js'
import type { RecordReader } from '../records/record-reader.js'
import { traceRecord } from '../records/trace-record.js'

export type ApiOptions = { readonly link: KafkaLink; readonly flow: () => Flow; readonly records: RecordReader }

const topicName = { type: 'string', pattern: topicNamePattern } as const
const partition = { type: 'integer', minimum: 0, maximum: 2_147_483_647 } as const
const offset = { type: 'string', pattern: '^[0-9]{1,18}$' } as const
const text = { type: 'string', maxLength: 200, default: '' } as const
const shownRecords = 100

type Place = { readonly topic: string; readonly partition: number; readonly offset: string }
type RecordsQuery = Partial<Omit<Place, 'topic'>> & {
  readonly topic: string
  readonly time?: number
  readonly filter: string
}

const object = (properties: object, required: readonly string[]) => ({
  querystring: { type: 'object', properties, required, additionalProperties: false },
})

/** The page's requests besides its event stream. All of them only read. */
export const addApiRoutes = (app: FastifyInstance, { link, flow, records }: ApiOptions): void => {
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.get('/api/flow', () => flow())
  app.get<{ Querystring: { filter: string } }>(
    '/api/topics',
    { schema: object({ filter: text }, []) },
    async ({ query }) => listTopics(await link.reader(), flow(), query.filter),
  )
  app.get<{ Querystring: { topic: string } }>(
    '/api/topic',
    { schema: object({ topic: topicName }, ['topic']) },
    async ({ query }) => describeTopic(await link.reader(), query.topic),
  )
  app.get<{ Querystring: RecordsQuery }>(
    '/api/records',
    { schema: object({ topic: topicName, partition, offset, time: { type: 'integer' }, filter: text }, ['topic']) },
    async ({ query }) =>
      records.readRecords(await link.reader(), {
        ...query,
        offset: query.offset === undefined ? undefined : BigInt(query.offset),
        timeMs: query.time,
        limit: shownRecords,
      }),
  )
  app.get<{ Querystring: Place }>(
    '/api/trace',
    { schema: object({ topic: topicName, partition, offset }, ['topic', 'partition', 'offset']) },
    async ({ query }, reply) => {
      const reader = await link.reader()
      const record = await records.readRecord(reader, { ...query, offset: BigInt(query.offset) })
      if (record) return traceRecord(reader, records, flow(), record)
      const place = `${query.topic}/${query.partition}/${query.offset}`
      return reply.code(404).send({
        error: `There is no record at ${place}: it was deleted, or a transaction marker has this offset.`,
      })
    },
  )
  app.get<{ Querystring: { filter: string } }>(
    '/api/letters',
    { schema: object({ filter: text }, []) },
    async ({ query }) => {
      const reader = await link.reader()
      const { deadLetterTopic: topic } = flow()
      if ((await reader.describeTopics([topic])).length === 0) return []
      const page = await records.readRecords(reader, {
        topic,
        filter: query.filter,
        limit: shownRecords,
      })
      return page.records.map((record): Letter => toLetter(record)).toReversed()
    },
  )
  app.get('/api/groups', async () => listGroups(await link.reader()))
}
