import { describe, expect, it } from '@jest/globals'
import { definePipeline, drop, json, reject, rows, Type, type Fate } from '../src/index.js'
import { testPipeline } from '../src/testing.js'

const Order = Type.Object({ id: Type.String(), cents: Type.Integer(), country: Type.String() })
const Receipt = Type.Object({ id: Type.String(), euros: Type.String() })

const pipeline = definePipeline({
  name: 'orders',
  topics: {
    orders: { name: 'orders', value: json(Order) },
    byCountry: { name: 'orders-by-country', value: json(Order), key: (order) => order.country, partitions: 4 },
    large: { name: 'orders-large', value: json(Order), key: (order) => order.id },
    receipts: { name: 'orders-receipts', value: json(Receipt) },
  },
  reasons: ['country_unknown'],
  steps: {
    orders: ({ value: order }, { to }) => {
      if (order.country.length !== 2) return reject('country_unknown', `Expected two letters, got ${order.country}`)
      if (order.cents === 0) return drop('free')
      if (order.id === 'throws') throw new Error('no stock')
      if (order.id === 'nonsense') return 5 as unknown as Fate<never>
      if (order.id === 'wrong') return to.byCountry({ ...order, cents: 1.5 })
      const sorted = to.byCountry(order)
      return order.cents >= 10_000 ? [sorted, to.large(order), to.large({ ...order, id: `${order.id}-copy` })] : sorted
    },
    large: ({ value: order }, { to }) => to.receipts({ id: order.id, euros: (order.cents / 100).toFixed(2) }),
  },
  results: { receipts: rows(['id', 'euros', '$key']) },
})

const order = (id: string, cents: number, country = 'FR') => ({ id, cents, country })

describe('testPipeline', () => {
  it('runs a chain to its end, with keys, partitions and sources', () => {
    const run = testPipeline(pipeline)
    run.send('orders', order('a', 12_345), { partition: 2 })
    expect(run.outputs('byCountry')).toEqual([
      { key: 'FR', value: order('a', 12_345), headers: { source: 'orders/2/0' }, partition: 2 },
    ])
    expect(run.outputs('large').map(({ key, partition }) => [key, partition])).toEqual([
      ['a', 0],
      ['a-copy', 0],
    ])
    expect(run.outputs('receipts')[1]).toEqual({
      key: 'a-copy',
      value: { id: 'a-copy', euros: '123.45' },
      headers: { source: 'orders-large/0/1' },
      partition: 1,
    })
    expect(run.rows('receipts')).toBe('id,euros,$key\n"a","123.45","a"\n"a-copy","123.45","a-copy"\n')
  })

  it('counts what is dropped, and sets aside what is rejected', () => {
    const run = testPipeline(pipeline)
    run.send('orders', order('a', 0))
    run.send('orders', order('b', 1, 'France'))
    run.send('orders', Buffer.from('{'))
    expect(run.dropped()).toEqual({ free: 1 })
    expect(run.deadLetters().map(({ topic, reason }) => [topic, reason])).toEqual([
      ['orders', 'country_unknown'],
      ['orders', 'value_not_json'],
    ])
    expect(run.outputs('byCountry')).toEqual([])
  })

  it.each([
    ['throws', 'no stock'],
    ['nonsense', 'expected outputs, drop or reject, got number'],
    ['wrong', 'orders-by-country: expected cents to be integer, got 1.5'],
  ])('rejects the record of a step that fails: %s', (id, message) => {
    const run = testPipeline(pipeline)
    run.send('orders', order(id, 1))
    expect(run.deadLetters()).toMatchObject([{ reason: 'step_failed', message }])
  })

  it('refuses a definition that cannot work, with all faults', () => {
    const wrong = definePipeline({
      name: 'Wrong',
      topics: {
        a: { name: 'a', value: json(Order) },
        b: { name: 'a', value: json(Order) },
        c: { name: 'Wrong_dead_letters', value: json(Order), partitions: 0 },
      },
      steps: { a: ({ value }, { to }) => to.b(value), b: ({ value }, { to }) => [to.a(value), to.c(value)] },
    })
    expect(() => testPipeline(wrong)).toThrow(
      [
        'expected a pipeline that can work, got:',
        'name: expected lower-case letters, digits and hyphens, got Wrong',
        'topics.b: expected a topic of its own, got a, as topics.a',
        "topics.c: expected another topic than the dead letters', got Wrong_dead_letters",
        'topics.c.partitions: expected a whole number from 1, got 0',
        'steps: expected a way that ends, got the cycle a → b → a',
      ].join('\n'),
    )
  })
})
