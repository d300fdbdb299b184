import { describe, expect, it } from '@jest/globals'
import { definePipeline, drop, json, raw, rows, lines, Type } from '../../pipeline-src/src/index.js'
import { createFindDecode } from '../src/flow/find-decode.js'
import { planFlow } from '../src/flow/plan-flow.js'
import { toGraph } from '../page/flow-graph.js'
import { layOut } from '../page/flow-layout.js'
import { describeBox } from '../page/flow-state.js'
import type { LiveState } from '../src/protocol.js'

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
    const findDecode = createFindDecode(definition)
    expect(findDecode('west')?.(Buffer.from('{"id":"a"}'))).toEqual({ id: 'a' })
    expect(findDecode('west')?.(Buffer.from('nothing'))).toBeUndefined()
    expect(findDecode('other')).toBeUndefined()
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
