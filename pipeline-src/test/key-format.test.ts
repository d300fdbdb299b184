import { describe, expect, it } from '@jest/globals'
import { avro, definePipeline, json, jsonSchema, Type } from '../src/index.js'
import { findPipelineFaults } from '../src/pipeline-faults.js'
import { listRegisteredTopics } from '../src/registry/index.js'
import { testPipeline } from '../src/testing.js'

const Order = Type.Object({ id: Type.Integer(), country: Type.String() })
const orderKey = { type: 'record', name: 'OrderKey', fields: [{ name: 'id', type: 'long' }] } as const

const pipeline = definePipeline({
  name: 'orders',
  topics: {
    orders: { name: 'orders', value: json(Order), keyFormat: avro(orderKey), key: ({ id }) => ({ id: BigInt(id) }) },
    byCountry: {
      name: 'by-country',
      value: jsonSchema(Order),
      keyFormat: jsonSchema(Type.String()),
      key: ({ country }) => country,
      partitions: 8,
    },
  },
  reasons: ['key_of_another'],
  steps: {
    orders: ({ value, keyValue }, { to }) =>
      keyValue === null ? to.byCountry(value, { key: null }) : to.byCountry({ ...value, id: Number(idOf(keyValue)) }),
  },
})

const idOf = (key: unknown): unknown => (typeof key === 'object' && key !== null && 'id' in key ? key.id : undefined)

describe('keys with a format', () => {
  it('are read before the step, and written by it', () => {
    const run = testPipeline(pipeline)
    run.send('orders', { id: 1, country: 'NL' }, { key: { id: 7n } })
    run.send('orders', { id: 2, country: 'DE' }, { key: null })
    expect(run.deadLetters()).toEqual([])
    expect(run.outputs('byCountry').map(({ key, value }) => [key, value])).toEqual([
      ['"NL"', { id: 7, country: 'NL' }],
      [null, { id: 2, country: 'DE' }],
    ])
  })

  it('that do not fit are set aside, as values are', () => {
    const run = testPipeline(pipeline)
    run.send('orders', { id: 1, country: 'NL' }, { key: Buffer.from('plain text') })
    run.send('orders', { id: 1, country: 'NL' }, { key: Buffer.from([0, 0, 0, 0, 99, 2]) })
    run.send('orders', { id: 1, country: 'NL' }, { key: Buffer.from([0, 0, 0, 0, 1]) })
    expect(run.deadLetters().map(({ reason, message }) => [reason, message.slice(0, 14)])).toEqual([
      ['value_not_framed', 'key: expected '],
      ['schema_unknown', 'key: expected '],
      ['schema_mismatch', 'key: schema 1:'],
    ])
  })

  it('have a subject of their own', () => {
    expect(listRegisteredTopics(pipeline.define({})).map(({ subject }) => subject)).toEqual([
      'orders-key',
      'by-country-key',
      'by-country-value',
    ])
  })

  it('are text without one, which the types see', () => {
    definePipeline({
      name: 'wrong',
      topics: {
        // @ts-expect-error: a number is no text.
        orders: {
          name: 'orders',
          value: json(Order),
          key: ({ id }: { readonly id: number }) => id,
        },
      },
      steps: {},
    })
    const names = { groupId: 'a', deadLetterTopic: 'b' }
    const { topics } = pipeline.define({})
    const faults = findPipelineFaults(
      {
        name: 'a',
        topics: { orders: { ...topics.orders, updates: '*COMMIT*' } as never },
        steps: { orders: () => [] },
        results: { orders: { columns: ['$key'] } as never },
      },
      names,
    )
    expect(faults.join('\n')).toMatch(
      /topics\.orders\.keyFormat: expected none for a topic of csv or with updates, got avro/,
    )
    expect(faults.join('\n')).toMatch(/results\.orders: expected a column of the value, got \$key/)
  })
})
