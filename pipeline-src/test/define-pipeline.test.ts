import { describe, expect, it } from '@jest/globals'
import { definePipeline, drop, json, parsers, reject, setting, Type } from '../src/index.js'
import { testPipeline } from '../src/testing.js'

const Order = Type.Object({ id: Type.String(), cents: Type.Integer() })
const orders = { name: 'orders', value: json(Order) }

describe('definePipeline, by its types', () => {
  it('takes a pipeline whose steps fit its topics', () => {
    const pipeline = definePipeline({
      name: 'orders',
      topics: { orders, large: { name: 'large', value: json(Order), key: (order) => order.id } },
      reasons: ['too_small'],
      steps: {
        orders: ({ value: order }, { to }) => {
          if (order.cents < 0) return reject('too_small', `expected at least 0, got ${order.cents}`)
          return order.cents === 0 ? drop('free') : [to.large(order), to.large({ ...order, id: `${order.id}-copy` })]
        },
      },
    })
    expect(pipeline.define({}).name).toBe('orders')
  })

  it('refuses a wrong field of an output', () => {
    definePipeline({
      name: 'x',
      topics: { orders },
      // @ts-expect-error cents is a number
      steps: { orders: ({ value }, { to }) => to.orders({ id: value.id, cents: 'no' }) },
    })
  })

  it('refuses a field that the input does not have', () => {
    definePipeline({
      name: 'x',
      topics: { orders },
      steps: {
        orders: ({ value }) => {
          // @ts-expect-error an order has no such field
          const { nope } = value
          return drop(String(nope))
        },
      },
    })
  })

  it('refuses a topic that does not exist', () => {
    definePipeline({
      name: 'x',
      topics: { orders },
      // @ts-expect-error there is no topic "others"
      steps: { orders: (_record, { to: { others } }) => drop(String(others)) },
    })
  })

  it('refuses a reason that is not declared', () => {
    definePipeline({
      name: 'x',
      topics: { orders },
      reasons: ['too_small'],
      // @ts-expect-error "other" is not a reason of this pipeline
      steps: { orders: () => reject('other', 'expected something else') },
    })
  })

  it('refuses a step for a topic that does not exist', () => {
    definePipeline({
      name: 'x',
      topics: { orders },
      // @ts-expect-error there is no topic "others"
      steps: { others: () => drop('x') },
    })
  })

  it('refuses a result of a topic that does not exist', () => {
    definePipeline({
      name: 'x',
      topics: { orders },
      steps: { orders: () => drop('x') },
      // @ts-expect-error there is no topic "others"
      results: { others: undefined },
    })
  })
})

describe('a pipeline with settings', () => {
  it('is defined by their values', () => {
    const least = {
      name: 'ORDERS_LEAST_CENTS',
      parse: (text: string) => ({ ok: true as const, value: Number(text) }),
      default: '100',
      doc: 'smaller orders are dropped',
    }
    const pipeline = definePipeline({ settings: { least } }, (settings) =>
      definePipeline({
        name: `orders-from-${settings.least.toFixed(0)}`,
        topics: { orders, large: { name: 'large', value: json(Order) } },
        steps: { orders: ({ value }, { to }) => (value.cents < settings.least ? drop('small') : to.large(value)) },
      }),
    )
    expect(Object.keys(pipeline.settings)).toEqual(['least'])
    expect(pipeline.define({ least: 7 }).name).toBe('orders-from-7')
  })

  it('may be defined by a plain object, whose fields TypeScript cannot check', () => {
    /* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call */
    const count = setting('ORDERS_COUNT', parsers.integer({ min: 0 }), '3', 'how many')
    const pipeline = definePipeline({ settings: { count } }, (settings) => ({
      name: 'orders',
      topics: { orders, large: { name: 'large', value: json(Order), key: (order) => order.id } },
      steps: { orders: ({ value: order }, { to }) => (order.cents < settings.count ? drop('few') : to.large(order)) },
    }))
    /* eslint-enable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call */
    const run = testPipeline(pipeline, { settings: { count: 5 } })
    run.send('orders', { id: 'a', cents: 4 })
    run.send('orders', { id: 'b', cents: 5 })
    expect([run.dropped(), run.outputs('large').map(({ key }) => key)]).toEqual([{ few: 1 }, ['b']])
  })
})
