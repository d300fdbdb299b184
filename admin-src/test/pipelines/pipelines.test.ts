import { describe, expect, it } from '@jest/globals'
import { definePipeline, drop, json, rows, Type } from '@kafka-etl/pipeline'
import type { Definitions } from '../../src/pipelines/definitions.js'
import { reportGraph } from '../../src/pipelines/draw-graph.js'
import { reportPipelines } from '../../src/pipelines/list-pipelines.js'
import { reportTrial } from '../../src/pipelines/try-pipeline.js'

const Order = Type.Object({ id: Type.String(), cents: Type.Integer() })

const definition = definePipeline({
  name: 'orders',
  topics: {
    orders: { name: 'orders', value: json(Order) },
    paid: { name: 'orders-paid', value: json(Order), key: (order) => order.id },
    large: { name: 'orders-large', value: json(Order) },
  },
  steps: {
    orders: ({ value: order }, { to }) => (order.cents === 0 ? drop('free') : to.paid(order)),
    paid: ({ value: order }, { to }) => (order.cents < 10_000 ? [] : to.large(order)),
  },
  results: { large: rows(['id', 'cents']) },
}).define({})

const definitions: Definitions = {
  folder: '/nowhere',
  names: () => ['orders'],
  find: () => definition,
  settingsOf: () => ({ settings: {}, findContradictions: () => [] }),
  hasSetting: () => false,
}

const tryOrders = (alias: string, ...values: readonly string[]) =>
  reportTrial(definition, { alias, text: values.join('\n'), handledAtMs: 0 })

describe('pipelines try', () => {
  it('prints the outputs of the whole chain, one on each line', () => {
    const report = tryOrders('orders', '{"id":"a","cents":10000}', '{"id":"b","cents":0}', '')
    expect(report).toMatchObject({ complaint: '', exitCode: 0 })
    expect(report.text.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { topic: 'orders-paid', key: 'a', value: { id: 'a', cents: 10_000 } },
      { topic: 'orders-large', key: 'a', value: { id: 'a', cents: 10_000 } },
    ])
  })

  it('reports rejections with their place, and fails', () => {
    expect(tryOrders('orders', '{"id":"a","cents":1}', '{"id":"b"}')).toMatchObject({
      complaint: 'orders/0/1: value_not_valid: expected the value to have required properties cents, got {"id":"b"}',
      exitCode: 1,
    })
  })

  it('starts at any topic that has a step', () => {
    expect(tryOrders('paid', '{"id":"a","cents":10000}').json).toMatchObject({ topic: 'orders-paid' })
    expect(() => tryOrders('large')).toThrow('expected a topic with a step (orders, paid), got large')
  })
})

describe('pipelines list and graph', () => {
  it('shows what a pipeline reads, writes and leaves as results', () => {
    expect(reportPipelines(definitions).json).toEqual([
      {
        name: 'orders',
        reads: ['orders', 'orders-paid'],
        writes: ['orders-paid', 'orders-large'],
        results: ['results/orders/orders-large.csv'],
      },
    ])
  })

  it('draws topics, steps, dead letters and results', () => {
    expect(reportGraph(definition).text).toBe(
      `flowchart LR
  t0["orders"]
  t1["orders-paid"]
  t2["orders-large"]
  t0 --> t1
  t1 --> t2
  dead["orders_dead_letters"]
  t0 -. rejected .-> dead
  t1 -. rejected .-> dead
  r0[/"results/orders/orders-large.csv"/]
  t2 --> r0`,
    )
  })
})
