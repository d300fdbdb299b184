import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { definePipeline, drop, json, raw, rows, lines, Type } from '../../pipeline-src/src/index.js'
import { createFindDecode } from '../src/flow/find-decode.js'
import { planFlow } from '../src/flow/plan-flow.js'
import { readFlowJobs } from '../src/flow/read-jobs.js'
import { toGraph } from '../page/flow-graph.js'
import { layOut } from '../page/flow-layout.js'
import { describeBox } from '../page/flow-state.js'
import type { LiveState } from '../src/protocol.js'
import { repositoryRoot } from '../../test/support/repository.js'

const value = json(Type.Object({ id: Type.String() }))
const definition = definePipeline({
  name: 'orders',
  topics: {
    in: { name: ['east', 'west'], value },
    sorted: { name: 'sorted', value },
    large: { name: 'large', value: raw() },
  },
  steps: { in: ({ value: order }, { to }) => to.sorted(order), sorted: () => drop('nothing') },
  sample: { in: lines('orders.jsonl') },
  results: { sorted: rows(['id']) },
}).define({})
const names = { groupId: 'etl-orders', deadLetterTopic: 'orders_dead_letters' }
const flow = planFlow(definition, names, {
  inputs: [
    { topic: 'east', zone: 'America/New_York' },
    { topic: 'other', zone: 'UTC' },
  ],
})

const state: LiveState = {
  atMs: 0,
  kafka: { ok: true },
  topics: [
    { name: 'east', records: 1_234, isExact: true, rate: 20, partitions: 1, newest: undefined },
    { name: 'west', records: 10, isExact: false, rate: 0, partitions: 2, newest: undefined },
    { name: 'orders_dead_letters', records: 3, isExact: true, rate: 0, partitions: 1, newest: undefined },
  ],
  missing: [],
  group: { id: 'etl-orders', state: 'Stable', members: 2, lag: { east: 5, west: 0 }, lagSeconds: 2 },
  parts: [{ name: 'producer', state: 'silent', reason: '', rows: undefined, waiting: undefined }],
  engine: {
    ok: true,
    jobs: [
      { name: 'daily', state: 'RUNNING', isWorking: true, restarts: 1, checkpointAgeMs: 2_500 },
      { name: 'monthly', state: 'RESTARTING', isWorking: false, restarts: 12, checkpointAgeMs: undefined },
    ],
  },
  letters: { total: 3, byReason: { value_not_json: 2, value_empty: 1 } },
  delays: undefined,
}

describe('planFlow', () => {
  it('is the pipeline by the names of Kafka', () => {
    expect(flow.routes).toEqual([
      { from: 'east', to: 'sorted' },
      { from: 'west', to: 'sorted' },
    ])
    expect(flow.topics.map(({ name, resultFile }) => [name, resultFile])).toEqual([
      ['east', undefined],
      ['west', undefined],
      ['sorted', 'results/orders/sorted.csv'],
      ['large', undefined],
    ])
    expect(flow).toMatchObject({ ...names, pipeline: 'orders', sampled: ['east', 'west'] })
  })

  it('knows the zones of its own topics', () => {
    expect(flow.zones).toEqual([{ topic: 'east', zone: 'America/New_York' }])
    expect(planFlow(definition, names, {}).zones).toEqual([])
  })
})

describe('createFindDecode', () => {
  it('reads the values of a topic by its format, and none of another topic', () => {
    const findDecode = createFindDecode(definition, undefined)
    expect(findDecode('west').decode(Buffer.from('{"id":"a"}'))).toEqual({ value: { id: 'a' } })
    expect(findDecode('west').decode(Buffer.from('nothing'))).toBeUndefined()
    expect(findDecode('other').decode(Buffer.from('{"id":"a"}'))).toBeUndefined()
  })

  it('reads keys and values of any topic by the schema that they name', async () => {
    const asked: (Buffer | null)[] = []
    const findDecode = createFindDecode(definition, {
      prepare: (values) => {
        asked.push(...values)
        return Promise.reject(new Error('the registry does not answer'))
      },
      decode: () => ({ ok: true, schemaId: 7, type: 'AVRO', json: '{"id":9007199254740993}' }),
    })
    const framed = Buffer.from([0, 0, 0, 0, 7, 2])
    const { decode, decodeKey, prepare } = findDecode('other')
    await prepare([framed, null, Buffer.from('plain')])
    expect(asked).toEqual([framed])
    expect([decode(framed), decodeKey(framed)]).toEqual([
      { text: '{"id":9007199254740993}' },
      { text: '{"id":9007199254740993}' },
    ])
    expect(decodeKey(Buffer.from('plain'))).toBeUndefined()
  })
})

describe('the drawing', () => {
  const graph = toGraph(flow)

  it('has a step for the topics that go the same way, and branches rejections off', () => {
    expect(graph.nodes.filter(({ kind }) => kind === 'step').map(({ topics }) => topics)).toEqual([
      ['east', 'west'],
      ['sorted'],
    ])
    expect(graph.edges.filter(({ isRejection }) => isRejection).map(({ to }) => to)).toEqual(['letters', 'letters'])
  })

  it('has everything to the right of what it comes from, or below on a narrow screen', () => {
    for (const [width, axis] of [
      [1_500, 'x'],
      [360, 'y'],
    ] as const) {
      const { boxes } = layOut(graph, width)
      const at = new Map(boxes.map((box) => [box.node.id, box[axis]]))
      for (const { from, to } of graph.edges) expect(at.get(to) ?? 0).toBeGreaterThan(at.get(from) ?? 0)
    }
  })

  it.each([320, 360, 700, 1_280, 1_500])('is no wider than %s, and no box lies on another', (width) => {
    const layout = layOut(graph, width)
    expect(layout.width).toBeLessThanOrEqual(width)
    const places = layout.boxes.map(({ x, y }) => `${x}/${y}`)
    expect(new Set(places).size).toBe(graph.nodes.length)
  })

  it('says of each box how it is, in a word', () => {
    const moodOf = (id: string, live: LiveState = state) => {
      const node = graph.nodes.find((candidate) => candidate.id === id)
      return node && describeBox(node, live)
    }
    expect(moodOf('topic east')).toEqual({ mood: 'moving', numbers: '1,234 records', note: '1 partition' })
    expect(moodOf('topic west')).toEqual({ mood: 'at rest', numbers: 'about 10 records', note: '2 partitions' })
    expect(moodOf('topic sorted')?.mood).toBe('missing')
    expect(moodOf('producer')?.mood).toBe('not running')
    expect(moodOf('step east')).toEqual({ mood: 'moving', numbers: 'lag 5, 2 s', note: '2 instances' })
    expect(moodOf('letters')).toEqual({ mood: 'at rest', numbers: '3 dead letters', note: 'value_not_json' })
    const group = { id: 'g', state: 'Stable', members: 1, lag: { west: 9 }, lagSeconds: 60 }
    const stuck = { ...state, topics: state.topics.map((topic) => ({ ...topic, rate: 0 })), group }
    expect(moodOf('step east', stuck)?.mood).toBe('standing still')
    expect(moodOf('step east', { ...stuck, group: { ...group, members: 0 } })?.mood).toBe('not running')
    expect(moodOf('topic east', { ...state, kafka: { ok: false, reason: 'gone' } })?.mood).toBe('unknown')
  })
})

describe('the jobs of the engine', () => {
  const jobs = [
    { name: 'daily', file: 'orders/daily.sql', reads: ['sorted'], writes: ['per_day'] },
    { name: 'monthly', file: 'orders/monthly.sql', reads: ['per_day'], writes: ['per_month'] },
    { name: 'yearly', file: 'orders/yearly.sql', reads: ['per_month'], writes: [] },
  ]
  const withJobs = planFlow(definition, names, {}, jobs)
  const graph = toGraph(withJobs)
  const boxOf = (title: string) => {
    const node = graph.nodes.find((candidate) => candidate.title === title)
    if (!node) throw new Error(`expected a box ${title}`)
    return describeBox(node, state)
  }

  it('stand between the topics that they read and write', () => {
    expect(withJobs.topics.slice(4).map(({ name }) => name)).toEqual(['per_day', 'per_month'])
    expect(graph.edges.filter(({ from, to }) => from.startsWith('job') || to.startsWith('job'))).toMatchObject([
      { from: 'topic sorted', to: 'job daily' },
      { from: 'job daily', to: 'topic per_day' },
      { from: 'topic per_day', to: 'job monthly' },
      { from: 'job monthly', to: 'topic per_month' },
      { from: 'topic per_month', to: 'job yearly' },
    ])
  })

  it('say how they do', () => {
    expect(boxOf('daily')).toEqual({ mood: 'at rest', numbers: '1 restart', note: 'checkpoint 2.5 s old' })
    expect(boxOf('monthly')).toEqual({ mood: 'failing', numbers: '12 restarts', note: 'restarting' })
    expect(boxOf('yearly')).toEqual({ mood: 'not running', numbers: '', note: 'not submitted yet' })
  })
})

describe('readFlowJobs', () => {
  it('finds the topics of each SQL file of a folder', () => {
    const folder = join(repositoryRoot, 'pipelines', 'connector')
    expect(readFlowJobs(folder, 'connector', {})).toEqual([
      {
        name: 'running-sum',
        file: 'connector/sum.sql',
        reads: ['connector_updates'],
        writes: ['sum', 'sum_latest'],
      },
    ])
    expect(readFlowJobs(join(folder, 'none'), 'connector', {})).toEqual([])
  })
})
