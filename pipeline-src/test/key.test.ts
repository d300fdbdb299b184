import { describe, expect, it } from '@jest/globals'
import { definePipeline, json, Type, unique } from '../src/index.js'
import { createMakeKey, uuidOf } from '../src/key.js'
import { testPipeline } from '../src/testing.js'

const Order = Type.Object({ id: Type.String(), line: Type.Integer(), note: Type.Optional(Type.String()) })
const value = json(Order)

const pipeline = definePipeline({
  name: 'orders',
  topics: {
    orders: { name: 'orders', value },
    one: { name: 'one', value, key: ['id'] },
    two: { name: 'two', value, key: ['id', 'line'] },
    each: { name: 'each', value, key: unique, partitions: 8 },
    // @ts-expect-error an order has no such column
    wrong: { name: 'wrong', value, key: ['nope'] },
  },
  steps: { orders: ({ value: order }, { to }) => [to.one(order), to.two(order), to.each(order), to.each(order)] },
})

describe('the key of an output', () => {
  it('is a column as text, several as a JSON array, or unique to its source', () => {
    const run = testPipeline(pipeline)
    run.send('orders', { id: 'a "b"', line: 1 })
    expect(run.outputs('one')[0]?.key).toBe('a "b"')
    expect(run.outputs('two')[0]?.key).toBe('["a \\"b\\"",1]')
    expect(run.outputs('each').map(({ key }) => key)).toEqual([uuidOf('orders/0/0'), uuidOf('orders/0/0/1')])
    expect(run.outputs('each').map(({ headers }) => headers.source)).toEqual(['orders/0/0', 'orders/0/0/1'])
  })

  it.each([
    [{ id: 1 }, ['id'], '1'],
    [{ id: false }, ['id'], 'false'],
    [{ id: '', line: [1] }, ['id', 'line'], '["",[1]]'],
  ] as const)('of %j by %j', (row, columns, key) => {
    expect(createMakeKey([...columns] as [string, ...string[]])(row, 'orders/0/0')).toBe(key)
  })

  it.each([
    [{ id: null }, ['id'], 'expected id to be part of the key, got null'],
    [{}, ['id', 'line'], 'expected id to be part of the key, got nothing'],
    [{ id: {} }, ['id'], 'expected id to be text, a number or a boolean for the key, got object'],
  ] as const)('of %j by %j is refused', (row, columns, message) => {
    expect(() => createMakeKey([...columns] as [string, ...string[]])(row, 'orders/0/0')).toThrow(message)
  })

  it('is a UUID of version 5, always the same', () => {
    expect(uuidOf('orders/0/0')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(uuidOf('orders/0/0')).toBe('3d8f46a5-8686-53e4-bb29-953f99bc8dfc')
  })
})
